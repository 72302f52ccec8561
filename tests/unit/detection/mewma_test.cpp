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
  LimitedMewma chart{3, 400};
  for (int row = 0; row < 400; ++row) EXPECT_EQ(chart.judge(pump.next()), 0);
  for (int row = 0; row < 5000; ++row) ASSERT_LT(chart.judge(pump.next()), LimitedMewma::limit);
}

/// Each reading is within what it always was; the two do not go together any more.
TEST(Mewma, finds_readings_that_no_longer_go_together) {
  Pump pump;
  LimitedMewma chart{3, 400};
  for (int row = 0; row < 400; ++row) chart.judge(pump.next());
  double distance = 0;
  for (int row = 0; row < 100; ++row) distance = chart.judge(pump.next(0.5));
  EXPECT_GT(distance, LimitedMewma::limit);
}

TEST(Mewma, is_not_troubled_by_channels_that_are_constant_or_missing) {
  Pump pump;
  LimitedMewma chart{3, 100};
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  for (int row = 0; row < 1000; ++row) {
    const auto [flow, power, temperature] = pump.next();
    const double distance = chart.judge(std::array{flow, 3.0, row % 3 == 0 ? temperature : nothing});
    ASSERT_TRUE(std::isfinite(distance));
    ASSERT_LT(distance, LimitedMewma::limit) << row;
  }
  EXPECT_TRUE(std::isfinite(chart.judge(std::array{nothing, nothing, nothing})));
}

TEST(Mewma, finds_that_a_constant_channel_has_moved) {
  LimitedMewma chart{1, 50};
  for (int row = 0; row < 60; ++row) chart.judge(std::array{3.0});
  EXPECT_GT(chart.judge(std::array{3.1}), LimitedMewma::limit);
}

TEST(Mewma, goes_on_after_a_restart_to_the_bit) {
  for (const int rows : {30, 300}) {
    Pump pump;
    Mewma chart{3, 100};
    Mewma restored{3, 100};
    for (int row = 0; row < rows; ++row) chart.judge(pump.next());
    StateWriter writer;
    chart.save(writer);
    const auto bytes = writer.take();
    StateReader reader{bytes};
    ASSERT_TRUE(restored.restore(reader));
    EXPECT_TRUE(reader.complete());
    for (int row = 0; row < 200; ++row) {
      const auto values = pump.next();
      ASSERT_EQ(chart.judge(values), restored.judge(values)) << rows << " rows, then " << row;
    }
  }
}

TEST(Mewma, begins_anew_rather_than_trust_a_damaged_state) {
  Pump pump;
  Mewma chart{3, 100};
  for (int row = 0; row < 200; ++row) chart.judge(pump.next());
  StateWriter writer;
  chart.save(writer);
  auto bytes = writer.take();
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) {
    Mewma other{3, 100};
    StateReader reader{std::span{bytes}.first(cut)};
    ASSERT_FALSE(other.restore(reader)) << cut;
    ASSERT_TRUE(other.is_learning());
  }
  Mewma narrower{2, 100};
  StateReader reader{bytes};
  EXPECT_FALSE(narrower.restore(reader) && reader.complete());
}

}  // namespace
}  // namespace fettle::detection
