#include "manipulation/scale.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace fettle::manipulation {
namespace {

TEST(Scale, is_right_where_numbers_agree_or_differ_by_what_machines_do) {
  for (const double number : {50.0, 49.0, 55.0, 42.0, 100.0, 20.0, 0.0})
    EXPECT_FALSE(scale_fault(number, 50)) << number;
}

TEST(Scale, is_off_by_factors_that_people_make) {
  EXPECT_DOUBLE_EQ(scale_fault(50'500, 50)->factor, 1000);
  EXPECT_DOUBLE_EQ(scale_fault(-51, 50)->factor, -1);
  EXPECT_DOUBLE_EQ(scale_fault(17, 50)->factor, 1.0 / 3);
  EXPECT_DOUBLE_EQ(scale_fault(33, 50)->factor, 2.0 / 3);
  EXPECT_DOUBLE_EQ(scale_fault(180, 50)->factor, 3.6);
  EXPECT_NEAR(scale_fault(87, 50)->factor, 1.732, 1e-3);
}

TEST(Scale, says_nothing_where_there_is_nothing_to_compare) {
  EXPECT_FALSE(scale_fault(5, 0));
  EXPECT_FALSE(scale_fault(std::numeric_limits<double>::quiet_NaN(), 5));
  EXPECT_FALSE(scale_fault(5, std::numeric_limits<double>::infinity()));
}

TEST(Scale, of_a_temperature_is_fahrenheit_where_it_cannot_be_celsius) {
  EXPECT_TRUE(looks_like_fahrenheit(68, 50));
  EXPECT_FALSE(looks_like_fahrenheit(35, 50));
  EXPECT_FALSE(looks_like_fahrenheit(300, 50));
}

}  // namespace
}  // namespace fettle::manipulation
