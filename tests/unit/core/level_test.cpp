#include "core/level.hpp"

#include <gtest/gtest.h>
#include <string>

namespace fettle {
namespace {

TEST(Level, is_of_letters_digits_underscores_and_hyphens) {
  for (const auto* const text : {"a", "AHU-07", "belt_slip", "0", "azAZ09-_"}) EXPECT_TRUE(is_level(text)) << text;
  for (const auto* const text : {"", "a/b", "a.b", "a b", "+", "#", "\xC3\xA4", "a\n"})
    EXPECT_FALSE(is_level(text)) << text;
}

TEST(Level, is_64_characters_long_at_most) {
  EXPECT_TRUE(is_level(std::string(64, 'a')));
  EXPECT_FALSE(is_level(std::string(65, 'a')));
}

}  // namespace
}  // namespace fettle
