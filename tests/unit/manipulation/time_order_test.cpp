#include "manipulation/time_order.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using enum Arrival;

std::vector<Arrival> arrivals(const std::vector<Duration>& times) {
  TimeOrder order;
  std::vector<Arrival> result;
  for (const auto time : times) result.push_back(order.take(Time{time}));
  return result;
}

TEST(TimeOrder, takes_each_newer_reading_as_the_next) {
  EXPECT_THAT(arrivals({1h, 2h, 3h}), ElementsAre(anew, next, next));
}

TEST(TimeOrder, knows_a_moment_that_was_told) { EXPECT_THAT(arrivals({1h, 1h}), ElementsAre(anew, repeated)); }

TEST(TimeOrder, begins_anew_behind_a_long_gap) {
  EXPECT_THAT(arrivals({1h, 7h, 14h, 24 * 90h}), ElementsAre(anew, next, anew, anew));
}

TEST(TimeOrder, lets_a_single_late_reading_pass_by) {
  EXPECT_THAT(arrivals({2h, 1h, 2h + 1s, 1h + 1s}), ElementsAre(anew, late, next, late));
}

TEST(TimeOrder, follows_a_clock_that_was_set_back) {
  EXPECT_THAT(arrivals({2h, 1h, 1h + 1s, 1h + 2s}), ElementsAre(anew, late, anew, next));
}

TEST(TimeOrder, waits_for_a_clock_that_was_set_back_by_a_little) {
  EXPECT_THAT(arrivals({60s, 30s, 31s, 60s, 61s}), ElementsAre(anew, late, late, repeated, next));
}

TEST(TimeOrder, believes_in_no_time_without_gateways) {
  EXPECT_THAT(arrivals({Duration::max(), Duration::min(), -1ms, 1h}),
              ElementsAre(impossible, impossible, impossible, anew));
}

TEST(TimeOrder, tells_the_interval_where_nothing_happened_in_between) {
  TimeOrder order;
  order.take(Time{1h});
  EXPECT_EQ(order.interval(), 0s);
  order.take(Time{2h});
  EXPECT_EQ(order.interval(), 1h);
  order.take(Time{24h});
  EXPECT_EQ(order.interval(), 0s);
}

}  // namespace
}  // namespace fettle::manipulation
