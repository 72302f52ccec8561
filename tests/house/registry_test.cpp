#include "support/child.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <regex>

namespace fettle::test {
namespace {

class Registries : public testing::TestWithParam<const char*> {};

/// Asked of the real program, because a linker may drop what a test of the library would still see.
TEST_P(Registries, list_at_least_one_part_each_with_a_plain_name_and_a_summary) {
  constexpr std::chrono::seconds patience{20};
  Child fettle{{FETTLE_BINARY, "list", GetParam()}, {{{"FETTLE_DATA", FETTLE_SOURCE_DIR "/config"}}, {}}};
  const std::regex entry{"[a-z][a-z0-9_]* {2,}[A-Za-z].*[^ ]"};
  int parts = 0;
  while (const auto line = fettle.read_line(patience)) {
    EXPECT_TRUE(std::regex_match(*line, entry)) << "'" << *line << "'";
    ++parts;
  }
  EXPECT_EQ(fettle.wait(patience), 0);
  EXPECT_GE(parts, 1);
}

INSTANTIATE_TEST_SUITE_P(Fettle, Registries,
                         testing::Values("drivers", "features", "detectors", "forecasters", "devices", "equipment"),
                         [](const auto& kind) { return std::string{kind.param}; });

}  // namespace
}  // namespace fettle::test
