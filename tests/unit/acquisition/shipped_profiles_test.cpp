#include "acquisition/profile.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace fettle::acquisition {
namespace {

/// The profiles of other protocols are tested with their drivers.
bool speaks_modbus(const std::filesystem::path& file) {
  settings::Mistakes mistakes;
  return settings::load_file(file.string(), mistakes)["protocol"].scalar() == "modbus";
}

std::vector<std::string> shipped() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator{FETTLE_SOURCE_DIR "/config/devices"}) {
    if (entry.path().extension() == ".yaml" && speaks_modbus(entry.path())) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string stem(const testing::TestParamInfo<std::string>& info) {
  return std::filesystem::path{info.param}.stem().string();
}

std::string as_text(const Decoded& decoded) {
  return decoded.reason == Reason::none ? fmt::format("{:.6g}", decoded.value) : std::string{name_of(decoded.reason)};
}

/// What an example's registers are read as, in the words of the example.
std::string decoded(const DeviceProfile& profile, const ProfileExample& example, std::size_t point) {
  const auto& field = profile.points[point].field;
  if (field.table != example.table || field.address < example.address) return "not in this example";
  const auto first = std::min<std::size_t>(field.address - example.address, example.words.size());
  return as_text(decode(field, std::span{example.words}.subspan(first)));
}

class ShippedProfile : public testing::TestWithParam<std::string> {
 protected:
  settings::Mistakes mistakes;
  DeviceProfile profile = read_device_profile(settings::load_file(GetParam(), mistakes), mistakes);
};

TEST_P(ShippedProfile, has_no_mistakes) {
  for (const auto& mistake : mistakes.all()) ADD_FAILURE() << to_text(mistake);
  EXPECT_FALSE(profile.title.empty());
  EXPECT_FALSE(profile.maker.empty());
  EXPECT_FALSE(profile.models.empty());
}

TEST_P(ShippedProfile, reads_its_own_examples_as_it_promises) {
  ASSERT_FALSE(profile.examples.empty());
  for (const auto& example : profile.examples) {
    for (const auto& expected : example.readings) {
      EXPECT_EQ(decoded(profile, example, expected.point), as_text({expected.value, expected.reason}))
          << profile.points[expected.point].name << ", line " << example.mark.line;
    }
  }
}

TEST_P(ShippedProfile, has_no_two_points_in_one_register) {
  std::set<std::pair<RegisterTable, std::size_t>> taken;
  for (const auto& point : profile.points) {
    const auto& field = point.field;
    const auto& name = point.name;
    for (std::size_t word = 0; word < words_of(field.type) && !field.bits; ++word) {
      EXPECT_TRUE(taken.emplace(field.table, field.address + word).second) << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(config, ShippedProfile, testing::ValuesIn(shipped()), stem);

}  // namespace
}  // namespace fettle::acquisition
