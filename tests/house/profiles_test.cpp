#include "sources.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <fstream>
#include <ostream>
#include <regex>
#include <string>
#include <vector>

// The figures in config/contract/services.md are those of the tests.

namespace fettle::test {
namespace {

/// A row of the table: what is a comparison to the byte in its unit tests, and which tests run the real binary.
struct Profile {
  const char* name;
  std::vector<std::string> unit_tests;
  const char* comparison;
  const char* run;
};

void PrintTo(const Profile& profile, std::ostream* out) { *out << profile.name; }

constexpr auto of_a_packet = R"re(EXPECT_EQ\(.*(\btopic|\bpayload|username|password|->first|->second)\b.*,)re";

std::vector<Profile> profiles() {
  return {{"Azure IoT Hub", {"azure_words", "azure_iot_hub"}, of_a_packet, R"(TEST_F\((AtAzure|WithCertificate), )"},
          {"AWS IoT Core", {"aws_iot_core"}, of_a_packet, R"(TEST_F\((AtAws, |\w+, \w*(_aws_|_shadow_)))"},
          {"Home Assistant", {"home_assistant"}, of_a_packet, R"(TEST_F\(Announced, )"},
          {"Sparkplug B",
           {"sparkplug_payload"},
           R"(EXPECT_EQ\((encode|one)\()",
           R"(TEST_F\((AtSparkplug|ForPrimaryHost), )"}};
}

std::size_t count_lines(const SourceFile& file, const std::regex& pattern) {
  return static_cast<std::size_t>(std::count_if(
      file.lines.begin(), file.lines.end(), [&pattern](const auto& line) { return std::regex_search(line, pattern); }));
}

/// The number that a cell of the profile's row begins with: | name | first | second | ...
std::size_t told(const std::string& name, int cell) {
  std::ifstream file{FETTLE_SOURCE_DIR "/config/contract/services.md"};
  const std::regex row{"\\| " + name + "[^|]*\\| (\\d+)[^|]*\\| (\\d+) .*"};
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_match(line, match, row)) return std::stoul(match[static_cast<std::size_t>(cell)]);
  }
  ADD_FAILURE() << "services.md has no row with figures for " << name;
  return 0;
}

class Profiles : public testing::TestWithParam<Profile> {};

INSTANTIATE_TEST_SUITE_P(Services, Profiles, testing::ValuesIn(profiles()), [](const auto& each) {
  std::string name = each.param.name;
  std::erase(name, ' ');
  return name;
});

TEST_P(Profiles, are_tested_as_often_as_services_md_says) {
  const auto& profile = GetParam();
  std::size_t comparisons = 0, runs = 0;
  for (const auto& file : sources_in({"tests/unit/delivery", "tests/peers"})) {
    const auto is_of = [&file](const std::string& part) {
      return file.path == "tests/unit/delivery/" + part + "_test.cpp";
    };
    if (std::any_of(profile.unit_tests.begin(), profile.unit_tests.end(), is_of))
      comparisons += count_lines(file, std::regex{profile.comparison});
    if (file.is_in("tests/peers/")) runs += count_lines(file, std::regex{profile.run});
  }
  EXPECT_EQ(told(profile.name, 1), comparisons);
  EXPECT_EQ(told(profile.name, 2), runs);
}

}  // namespace
}  // namespace fettle::test
