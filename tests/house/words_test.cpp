#include "sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>

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

}  // namespace
}  // namespace fettle::test
