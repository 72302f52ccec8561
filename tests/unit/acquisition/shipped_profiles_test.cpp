#include "support/shipped_profiles.hpp"
#include "acquisition/profile.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

namespace fettle::acquisition {
namespace {

std::string as_text(const Decoded& decoded) {
  return decoded.reason == Reason::none ? fmt::format("{:.9g}", decoded.value) : std::string{name_of(decoded.reason)};
}

/// What an example's registers are read as, in the words of the example.
std::string decoded(const DeviceProfile& profile, const ProfileExample& example, std::size_t point) {
  const auto& field = profile.points[point].field;
  const auto extent = extent_of(field);
  if (field.table != example.table || extent.first < example.address) return "not in this example";
  const auto first = std::min<std::size_t>(extent.first - example.address, example.words.size());
  return as_text(decode(field, std::span{example.words}.subspan(first)));
}

/// What other protocols say in their profiles is tested with them.
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

TEST_P(ShippedProfile, shows_every_kind_of_value_in_an_example) {
  std::set<std::size_t> shown;
  for (const auto& example : profile.examples) {
    for (const auto& expected : example.readings) shown.insert(expected.point);
  }
  for (std::size_t point = 0; point < profile.points.size(); ++point) {
    const auto& field = profile.points[point].field;
    const bool is_special = field.exponent || !field.terms.empty() || field.coding != Coding::plain || field.bits;
    EXPECT_TRUE(!is_special || shown.contains(point)) << profile.points[point].name;
  }
}

TEST_P(ShippedProfile, that_nobody_compared_with_a_device_says_what_is_doubtful) {
  EXPECT_TRUE(profile.verified || !profile.weak.empty());
}

TEST_P(ShippedProfile, says_how_the_device_comes_out_of_its_box) {
  EXPECT_TRUE(profile.maker == "generic" || !profile.link.baud.empty() || profile.link.port);
}

TEST_P(ShippedProfile, has_no_two_points_in_one_register) {
  std::set<std::pair<RegisterTable, std::size_t>> taken;
  for (const auto& point : profile.points) {
    const auto& field = point.field;
    const auto& name = point.name;
    for (std::size_t word = 0; word < words_of(field.type) && !field.bits && field.terms.empty(); ++word) {
      EXPECT_TRUE(taken.emplace(field.table, field.address + word).second) << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(config, ShippedProfile, testing::ValuesIn(test::shipped_profiles([](const auto& file) {
                           return test::protocol_of(file) == "modbus";
                         })),
                         test::stem);

}  // namespace
}  // namespace fettle::acquisition
