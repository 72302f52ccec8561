// What a case is told from: the steadied forecast, and the course that is shown beside it.
#include "advisory/steady_forecast.hpp"
#include "advisory/trend_ring.hpp"
#include "sample_episodes.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <vector>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;
using test::in;
using test::start;

TEST(SteadyForecast, does_not_swing_with_the_load) {
  SteadyForecast forecast;
  const auto failure = start + 24h * 10;
  double least = 1e9;
  double most = 0;
  for (int hour = 0; hour < 96; ++hour) {
    const auto now = start + hour * 1h;
    const auto swing = hour % 24 < 12 ? 48h : -48h;
    const double left = to_hours(forecast.take(in(now, failure + swing - now))->mid - now) + hour;
    if (hour < 48) continue;
    least = std::min(least, left);
    most = std::max(most, left);
  }
  EXPECT_LT(most - least, 40) << "of 96 hours";
  EXPECT_NEAR((most + least) / 2, 240, 10);
}

TEST(SteadyForecast, keeps_order_and_follows_at_once_when_little_time_is_left) {
  SteadyForecast forecast;
  forecast.take(in(start, 500h));
  const auto late = forecast.take(in(start + 1h, 1h));
  EXPECT_LE(late->low, late->mid);
  EXPECT_LE(late->mid, *late->high);
  EXPECT_LT(late->mid - start, 10h);
  EXPECT_FALSE(forecast.take(std::nullopt));
  EXPECT_EQ(forecast.take(in(start + 2h, 300h))->mid, start + 302h);
}

TEST(TrendRing, shows_the_whole_course_in_at_most_32_steps) {
  TrendRing ring{1h, 72h};
  for (int hour = 0; hour < 24 * 40; ++hour) ring.add(start + hour * 1h, hour);
  EXPECT_LE(ring.values().size(), 32U);
  EXPECT_EQ(ring.step(), 32h);
  EXPECT_EQ(ring.from(), start);
  EXPECT_DOUBLE_EQ(ring.values().front(), 15.5);
  EXPECT_DOUBLE_EQ(ring.coverage(), 1);
}

TEST(TrendRing, forgets_the_oldest_when_steps_cannot_grow) {
  TrendRing ring{1h, 1h};
  for (int hour = 0; hour < 40; ++hour) ring.add(start + hour * 1h, hour);
  EXPECT_EQ(ring.values().size(), 32U);
  EXPECT_EQ(ring.values().front(), 8);
  EXPECT_EQ(ring.from(), start + 8h);
}

TEST(TrendRing, survives_any_standstill_and_a_clock_that_was_set_back) {
  for (int days = 1; days < 400; days += 3) {
    TrendRing ring{6h, 72h};
    for (int at = 0; at < 80; ++at) ring.add(start + at * 6h, 1);
    ring.add(start + days * 24h + 480h, 2);
    EXPECT_EQ(ring.values().back(), 2) << days;
    ring.add(start - 24h, 3);
    EXPECT_EQ(ring.values(), std::vector<double>{3});
    EXPECT_EQ(ring.from(), start - 24h);
  }
}

}  // namespace
}  // namespace fettle::advisory
