#include "detection/mewma.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>

namespace fettle::detection {
namespace {

/// A pump: what it draws follows what it delivers, a temperature goes its own way.
class Pump {
 public:
  std::array<double, 3> next(double power_offset = 0) {
    const double flow = 100 + 10 * load_(random_);
    return {flow, 0.05 * flow + 0.05 * load_(random_) + power_offset, 60 + 0.5 * load_(random_)};
  }

 private:
  std::mt19937 random_{5};
  std::normal_distribution<double> load_{0, 1};
};

TEST(Mewma, stays_below_its_limit_while_all_is_well) {
  Pump pump;
  Mewma chart{3, 400};
  for (int row = 0; row < 400; ++row) EXPECT_EQ(chart.judge(pump.next()), 0);
  EXPECT_FALSE(chart.is_learning());
  for (int row = 0; row < 5000; ++row) ASSERT_LT(chart.judge(pump.next()), Mewma::limit);
}

/// Each reading is within what it always was; the two do not go together any more.
TEST(Mewma, finds_readings_that_no_longer_go_together) {
  Pump pump;
  Mewma chart{3, 400};
  for (int row = 0; row < 400; ++row) chart.judge(pump.next());
  double distance = 0;
  for (int row = 0; row < 100; ++row) distance = chart.judge(pump.next(0.5));
  EXPECT_GT(distance, Mewma::limit);
}

TEST(Mewma, is_not_troubled_by_channels_that_are_constant_or_missing) {
  Pump pump;
  Mewma chart{3, 100};
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  for (int row = 0; row < 1000; ++row) {
    const auto [flow, power, temperature] = pump.next();
    const double distance = chart.judge(std::array{flow, 3.0, row % 3 == 0 ? temperature : nothing});
    ASSERT_TRUE(std::isfinite(distance));
    ASSERT_LT(distance, Mewma::limit) << row;
  }
  EXPECT_TRUE(std::isfinite(chart.judge(std::array{nothing, nothing, nothing})));
}

TEST(Mewma, finds_that_a_constant_channel_has_moved) {
  Mewma chart{1, 50};
  for (int row = 0; row < 60; ++row) chart.judge(std::array{3.0});
  EXPECT_GT(chart.judge(std::array{3.1}), Mewma::limit);
}

}  // namespace
}  // namespace fettle::detection
