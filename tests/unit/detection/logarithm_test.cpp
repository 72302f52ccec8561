#include "detection/logarithm.hpp"

#include <gtest/gtest.h>
#include <cmath>
#include <random>

namespace fettle::detection {
namespace {

TEST(Logarithm, is_that_of_the_library_to_seven_digits) {
  std::mt19937 random{1};
  std::uniform_real_distribution<double> exponent{-40, 40};
  for (int draw = 0; draw < 100'000; ++draw) {
    const double number = std::exp2(exponent(random));
    ASSERT_NEAR(log2_of(number), std::log2(number), 7e-7) << number;
  }
}

TEST(Logarithm, of_powers_of_two_is_exact) {
  for (int power = -300; power <= 300; ++power) EXPECT_EQ(log2_of(std::exp2(power)), power);
}

TEST(Logarithm, rises) {
  double before = log2_of(0.999);
  for (double number = 1; number < 2.1; number += 1e-5) {
    const double now = log2_of(number);
    ASSERT_GT(now, before) << number;
    before = now;
  }
}

}  // namespace
}  // namespace fettle::detection
