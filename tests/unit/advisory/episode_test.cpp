#include "advisory/episode.hpp"

#include "advisory/failure_odds.hpp"
#include "advisory/ulid.hpp"
#include "sample_episodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;

using test::filter;
using test::prediction;
using test::start;
using test::tick_hourly;

TEST(Episode, is_raised_with_a_new_identity_and_a_first_revision) {
  Episode episode{filter()};
  const auto alert = episode.hold(start, prediction(start, 200h));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->rev, 1);
  EXPECT_EQ(alert->slot(), "AHU-07/filter-clog");
  EXPECT_EQ(alert->id.size(), 26U);
  EXPECT_EQ(alert->raised_at, start);
  EXPECT_DOUBLE_EQ(alert->prognosis->mid, 200);
  EXPECT_NEAR(alert->prognosis->within_7_days.value(), 0.37, 0.01);
  EXPECT_NEAR(alert->prognosis->within_30_days.value(), 0.99, 0.01);
  EXPECT_EQ(alert->dispatch_by, start + 100h - 48h);
  EXPECT_EQ(alert->customer_note, "We will replace a filter.");
  EXPECT_EQ(alert->log.back().event, AlertEvent::raised);
}

TEST(Episode, is_silent_while_nothing_material_changes) {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 200h));
  EXPECT_FALSE(episode.hold(start + 6h, prediction(start + 6h, 194h)));
  EXPECT_FALSE(episode.hold(start + 12h, prediction(start + 12h, 210h)));
}

TEST(Episode, is_revised_when_the_forecast_moves_by_more_than_a_quarter) {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 340h));
  const auto alert = episode.hold(start + 2h, prediction(start + 2h, 228h));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->rev, 2);
  EXPECT_EQ(alert->log.back().why, "ttf 340h to 228h");
}

TEST(Episode, is_not_revised_for_every_hour_that_a_machine_lasts_at_its_limit) {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 340h));
  auto fault = prediction(start + 300h, 4h, 1);
  fault.kind = AlertKind::fault;
  ASSERT_TRUE(episode.hold(start + 300h, fault));
  for (int hour = 1; hour < 24; ++hour) {
    const auto now = start + 300h + hour * 1h;
    auto again = prediction(now, hour % 2 == 0 ? 2h : 8h, 1);
    again.kind = AlertKind::fault;
    EXPECT_FALSE(episode.hold(now, again)) << hour;
  }
}

TEST(Episode, is_heard_at_least_daily_and_its_forecast_moves_with_the_time) {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 200h));
  EXPECT_FALSE(episode.tick(start + 23h));
  const auto alert = episode.tick(start + 24h);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->rev, 2);
  EXPECT_DOUBLE_EQ(alert->prognosis->mid, 176);
  EXPECT_DOUBLE_EQ(alert->prognosis->within_7_days.value(), odds_within(168, *alert->prognosis));
}

TEST(Episode, returns_under_the_same_identity_within_the_latch) {
  Episode episode{filter()};
  const auto raised = episode.hold(start, prediction(start, 200h));
  const auto cleared = episode.clear(start + 30h);
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->state, AlertState::cleared);
  EXPECT_TRUE(cleared->customer_note.empty());
  const auto returned = episode.hold(start + 40h, prediction(start + 40h, 150h));
  ASSERT_TRUE(returned);
  EXPECT_EQ(returned->id, raised->id);
  EXPECT_EQ(returned->rev, 3);
  EXPECT_EQ(returned->count, 2);
  EXPECT_FALSE(returned->cleared_at);
}

TEST(Episode, closes_by_itself_after_a_quiet_latch_and_keeps_its_distance) {
  Episode episode{filter()};
  const auto raised = episode.hold(start, prediction(start, 200h));
  episode.clear(start + 30h);
  EXPECT_FALSE(tick_hourly(episode, start + 31h, start + 53h));
  const auto closed = episode.tick(start + 54h);
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->state, AlertState::closed);
  EXPECT_EQ(closed->outcome->verdict, Conclusion::self_cleared);
  EXPECT_FALSE(episode.hold(start + 60h, prediction(start + 60h, 100h)));
  const auto again = episode.hold(start + 78h, prediction(start + 78h, 100h));
  ASSERT_TRUE(again);
  EXPECT_NE(again->id, raised->id);
  EXPECT_EQ(again->previous, raised->id);
  EXPECT_EQ(again->rev, 1);
}

TEST(Episode, goes_on_after_a_restart_with_the_next_revision) {
  Episode before{filter()};
  const auto alert = before.hold(start, prediction(start, 200h));
  Episode after{filter()};
  after.restore(*alert);
  const auto next = after.hold(start + 25h, prediction(start + 25h, 175h));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->id, alert->id);
  EXPECT_EQ(next->rev, 2);
}

TEST(Episode, keeps_a_log_of_at_most_sixteen_lines) {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 2000h));
  for (int day = 1; day <= 30; ++day) episode.tick(start + day * 24h);
  EXPECT_EQ(episode.alert()->log.size(), 16U);
  EXPECT_EQ(episode.alert()->log.back().rev, 31);
}

TEST(Ulid, holds_the_time_and_is_the_same_for_the_same_history) {
  EXPECT_EQ(make_ulid(start, "a"), make_ulid(start, "a"));
  EXPECT_NE(make_ulid(start, "a"), make_ulid(start, "b"));
  EXPECT_LT(make_ulid(start, "z"), make_ulid(start + 1ms, "a"));
  EXPECT_EQ(make_ulid(Time{1469918176385ms}, "").substr(0, 10), "01ARYZ6S41");
  EXPECT_EQ(time_of_ulid(make_ulid(start, "a")), start);
  EXPECT_EQ(time_of_ulid("01ARYZ6S41"), std::nullopt);
  EXPECT_EQ(time_of_ulid("01ARYZ6S4!TSV4RRFFQ69G5FAV"), std::nullopt);
}

TEST(Ulid, differs_for_many_slots_of_the_same_moment) {
  std::set<std::string> all;
  for (int i = 0; i < 10'000; ++i) all.insert(make_ulid(start, "gw/" + std::to_string(i)));
  EXPECT_EQ(all.size(), 10'000U);
}

}  // namespace
}  // namespace fettle::advisory
