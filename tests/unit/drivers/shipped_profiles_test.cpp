#include "acquisition/driver.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

namespace fettle::acquisition {
namespace {

std::vector<std::string> shipped() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator{FETTLE_SOURCE_DIR "/config/devices"}) {
    if (entry.path().extension() != ".yaml") continue;
    settings::Mistakes mistakes;
    const auto protocol = settings::load_file(entry.path().string(), mistakes)["protocol"].scalar();
    if (protocol != "modbus") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string stem(const testing::TestParamInfo<std::string>& info) {
  return std::filesystem::path{info.param}.stem().string();
}

class ForeignProfile : public testing::TestWithParam<std::string> {};

/// Reading it decodes its examples, and each that is not as promised is a mistake.
TEST_P(ForeignProfile, reads_its_own_examples_as_it_promises) {
  settings::Mistakes mistakes;
  const auto root = settings::load_file(GetParam(), mistakes);
  const auto profile = read_device_profile(root, mistakes);
  for (const auto& mistake : mistakes.all()) ADD_FAILURE() << to_text(mistake);
  EXPECT_FALSE(profile.points.empty());
  EXPECT_FALSE(profile.title.empty());
  EXPECT_FALSE(profile.maker.empty());
  EXPECT_FALSE(profile.models.empty());
  EXPECT_TRUE(Registry<Line>::instance().find(profile.protocol) != nullptr || profile.protocol == "mbus")
      << "a bus that speaks " << profile.protocol;
  const bool counts_edges = profile.protocol == "pulse";  // which come without any text to show
  EXPECT_TRUE(counts_edges || !root["examples"].items().empty());
}

INSTANTIATE_TEST_SUITE_P(config, ForeignProfile, testing::ValuesIn(shipped()), stem);

}  // namespace
}  // namespace fettle::acquisition
