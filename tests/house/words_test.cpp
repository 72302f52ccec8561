#include "sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <set>

namespace fettle::test {
namespace {

/// What no file of the repository contains. Spelled in pieces, so that this file does not contain it either.
TEST(Words, nothing_unfinished_and_nothing_about_how_this_was_made) {
  const std::regex unwanted{
      "\\b(TO"
      "DO|FIX"
      "ME|HA"
      "CK)\\b|/wo"
      "rk/|\\.\\./sha"
      "red/|/tmp/"
      "w/|\\borches"
      "trator\\b|[Ii]ss"
      "ue #?[0-9]|"
      "Clau"
      "de|Anthro"
      "pic|language mo"
      "del"};
  std::vector<std::string> found;
  for (const auto& file : repository_files()) {
    for (std::size_t line = 0; line < file.lines.size(); ++line) {
      if (std::regex_search(file.lines[line], unwanted)) found.push_back(at_line(file, line));
    }
  }
  EXPECT_THAT(found, testing::IsEmpty());
}

/// contract.md 8: what a gateway and its developers promise the back office.
TEST(Contract, every_rule_is_named_by_a_test) {
  constexpr int rules = 17;
  const std::regex named{"^TEST(_[FP])?\\([A-Za-z]+, rule_([0-9]+)_"};
  std::set<int> found;
  for (const auto& file : repository_files()) {
    for (const auto& line : file.lines) {
      if (std::smatch match; std::regex_search(line, match, named)) found.insert(std::stoi(match[2]));
    }
  }
  for (int rule = 1; rule <= rules; ++rule) EXPECT_TRUE(found.contains(rule)) << "rule " << rule;
}

}  // namespace
}  // namespace fettle::test
