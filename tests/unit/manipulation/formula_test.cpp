#include "manipulation/formula.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>
#include <cmath>

namespace fettle::manipulation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

FormulaError error_of(std::string_view text, std::vector<std::string> variables = {"a", "b"}) {
  try {
    const Formula formula{text, std::move(variables)};
  } catch (const FormulaError& error) {
    return error;
  }
  return {"no error", 9999};
}

TEST(Formula, computes_over_the_variables_it_uses_in_the_order_given) {
  const Formula formula{"dp / speed ^ 2", {"power", "speed", "dp"}};
  EXPECT_THAT(formula.used(), ElementsAre("speed", "dp"));
  EXPECT_DOUBLE_EQ(formula(std::array{0.5, 50.0}), 200.0);
}

TEST(Formula, knows_comparisons_choice_and_functions) {
  EXPECT_EQ((Formula{"a > 0.1 && b <= 2", {"a", "b"}}(std::array{0.2, 2.0})), 1.0);
  EXPECT_EQ((Formula{"a != b", {"a", "b"}}(std::array{1.0, 1.0})), 0.0);
  EXPECT_EQ((Formula{"min(1.6 * b, 200)", {"b"}}(std::array{150.0})), 200.0);
  EXPECT_EQ((Formula{"a > b ? 7 : 8", {"a", "b"}}(std::array{1.0, 2.0})), 8.0);
}

TEST(Formula, has_no_value_instead_of_an_infinite_one) {
  EXPECT_TRUE(std::isnan((Formula{"a / b", {"a", "b"}}(std::array{1.0, 0.0}))));
  EXPECT_TRUE(std::isnan((Formula{"sqrt(a)", {"a"}}(std::array{-1.0}))));
}

TEST(Formula, says_which_name_is_unknown_and_where) {
  const auto error = error_of("a + pressure * 2");
  EXPECT_EQ(error.text, "\"pressure\" is not known here");
  EXPECT_EQ(error.position, 4U);
}

TEST(Formula, refuses_assignment_but_not_comparison) {
  EXPECT_THAT(error_of("a = 3").text, HasSubstr("assigns"));
  EXPECT_EQ(error_of("a = 3").position, 2U);
  EXPECT_EQ(error_of("a == 3").text, "no error");
}

TEST(Formula, refuses_what_is_no_single_value) {
  EXPECT_NE(error_of("").text, "no error");
  EXPECT_NE(error_of("(a + b").text, "no error");
  EXPECT_NE(error_of("a +").text, "no error");
  EXPECT_THAT(error_of("a, b").text, HasSubstr("one value"));
}

TEST(Formula, has_copies_that_do_not_disturb_each_other) {
  const Formula first{"a - b", {"a", "b"}};
  const auto second{first};
  EXPECT_EQ(first(std::vector<double>{5, 2}), 3);
  EXPECT_EQ(second(std::vector<double>{10, 1}), 9);
  EXPECT_EQ(first(std::vector<double>{5, 2}), 3);
}

TEST(Formula, tells_the_names_in_a_text) { EXPECT_THAT(variables_of("x * max(y, 2) + x"), ElementsAre("x", "y")); }

}  // namespace
}  // namespace fettle::manipulation
