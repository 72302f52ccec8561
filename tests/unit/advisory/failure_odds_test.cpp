#include "advisory/failure_odds.hpp"

#include <gtest/gtest.h>

namespace fettle::advisory {
namespace {

constexpr double day = 24;

TEST(FailureOdds, are_those_that_the_interval_states_at_its_ends) {
  const TimeToFailure forecast{100, 200, 600, 0.8};
  EXPECT_NEAR(odds_within(100, forecast), 0.1, 1e-9);
  EXPECT_NEAR(odds_within(200, forecast), 0.5, 1e-9);
  EXPECT_NEAR(odds_within(600, forecast), 0.9, 1e-9);
}

TEST(FailureOdds, follow_another_level_of_the_interval) {
  const TimeToFailure forecast{100, 200, 600, 0.5};
  EXPECT_NEAR(odds_within(100, forecast), 0.25, 1e-9);
  EXPECT_NEAR(odds_within(600, forecast), 0.75, 1e-9);
}

TEST(FailureOdds, rise_with_time_whatever_the_forecast) {
  for (const double low : {0.0, 1.0, 90.0, 500.0}) {
    for (const auto high : {std::optional<double>{}, std::optional<double>{500}, std::optional<double>{5000}}) {
      const TimeToFailure forecast{low, 500, high, 0.8};
      double before = 0;
      for (double hours = 0; hours < 3000; hours += 7) {
        const double odds = odds_within(hours, forecast);
        ASSERT_GE(odds, before);
        ASSERT_LE(odds, 1);
        before = odds;
      }
    }
  }
}

TEST(FailureOdds, are_certain_at_the_limit_and_none_for_no_time) {
  EXPECT_EQ(odds_within(1, {0, 0, 6, 0.8}), 1);
  EXPECT_EQ(odds_within(0, {10, 20, 30, 0.8}), 0);
}

TEST(FailureOdds, spread_as_wide_above_as_below_where_the_interval_is_open) {
  EXPECT_NEAR(odds_within(400, {100, 200, std::nullopt, 0.8}), 0.9, 1e-9);
}

TEST(FailureOdds, are_given_for_a_week_and_a_month) {
  TimeToFailure forecast{7 * day, 15 * day, 30 * day, 0.8};
  add_odds(forecast);
  EXPECT_NEAR(forecast.within_7_days.value(), 0.1, 1e-9);
  EXPECT_NEAR(forecast.within_30_days.value(), 0.9, 1e-9);
}

}  // namespace
}  // namespace fettle::advisory
