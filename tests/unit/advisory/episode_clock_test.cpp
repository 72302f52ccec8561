#include "advisory/episode.hpp"
#include "sample_episodes.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;
using test::filter;
using test::outcome;
using test::prediction;
using test::restarted;
using test::start;
using test::taken_on;
using test::tick_hourly;

/// Raised at `start`, cleared six hours later.
Episode cleared() {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 2000h));
  episode.clear(start + 6h);
  return episode;
}

class ClockStep : public ::testing::TestWithParam<Duration> {};

TEST_P(ClockStep, rule_13_clears_and_closes_nothing_that_is_active) {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 2000h));
  for (auto now = start + GetParam(); now < start + GetParam() + 48h; now += 1h) {
    episode.tick(now);
    EXPECT_TRUE(episode.is_active()) << to_rfc3339(now);
  }
}

TEST_P(ClockStep, rule_13_closes_nothing_before_a_day_of_quiet_was_watched) {
  auto episode = cleared();
  ASSERT_FALSE(tick_hourly(episode, start + 7h, start + 10h));
  int hours = 0;
  for (auto now = start + 10h + GetParam(); episode.is_open() && hours < 100; now += 1h, ++hours) episode.tick(now);
  EXPECT_GE(hours, 19);
  EXPECT_LE(hours, 21);
}

TEST_P(ClockStep, rule_13_closes_nothing_falsely_after_a_restart_either) {
  auto before = cleared();
  ASSERT_FALSE(tick_hourly(before, start + 7h, start + 10h));
  auto episode = restarted(before, filter());
  int hours = 0;
  for (auto now = start + 10h + GetParam(); episode.is_open() && hours < 100; now += 1h, ++hours) episode.tick(now);
  EXPECT_GE(hours, 19);
  EXPECT_LE(hours, 22);
}

TEST_P(ClockStep, rule_13_makes_no_second_episode_out_of_one) {
  auto episode = cleared();
  const auto id = episode.alert()->id;
  const auto now = start + 8h + GetParam();
  episode.tick(now);
  EXPECT_EQ(episode.hold(now + 1h, prediction(now + 1h, 1000h))->id, id);
}

TEST_P(ClockStep, rule_13_and_back_is_survived_by_revisions_that_rise) {
  Episode episode{filter()};
  int last = 0;
  for (const auto step : {Duration{0}, GetParam(), Duration{0}}) {
    for (auto now = start + step; now < start + step + 30h; now += 1h) {
      const auto alert = episode.hold(now, prediction(now, 300h));
      if (!alert) continue;
      EXPECT_EQ(alert->rev, ++last);
      EXPECT_EQ(alert->state, AlertState::active);
    }
  }
  EXPECT_GE(last, 3);
}

INSTANTIATE_TEST_SUITE_P(ContractRules, ClockStep, ::testing::Values(Duration{24h}, Duration{-24h}, Duration{25h}));

TEST(ContractRules, rule_13_an_expiry_wants_both_30_days_and_a_quiet_that_was_watched) {
  auto episode = cleared();
  episode.acknowledge(taken_on(start + 7h));
  EXPECT_FALSE(episode.tick(start + 24h * 40));
  EXPECT_FALSE(tick_hourly(episode, start + 8h, start + 24h * 29));
  EXPECT_TRUE(episode.is_open());
}

TEST(ContractRules, rule_3_a_slot_never_has_two_open_ids_and_no_id_comes_twice) {
  Episode episode{filter()};
  std::vector<std::string> ids;
  for (int day = 0; day < 40; ++day) {
    // Every tenth day the clock is set back to the very moment at which an episode was raised before.
    const auto now = start + (day % 10 == 9 ? 0 : day) * 24h;
    if (const auto alert = episode.hold(now, prediction(now, 500h)); alert && alert->rev == 1) {
      EXPECT_EQ(alert->previous, ids.empty() ? "" : ids.back());
      EXPECT_EQ(std::count(ids.begin(), ids.end(), alert->id), 0);
      ids.push_back(alert->id);
    }
    if (day % 3 == 2) episode.close(now + 1h, outcome(now + 1h, Conclusion::confirmed));
  }
  EXPECT_GE(ids.size(), 10U);
}

TEST(Restart, goes_on_with_what_people_have_done) {
  Episode before{filter()};
  before.hold(start, prediction(start, 2000h));
  before.waste({3.5, start, 0.2, "EUR"});
  before.explain(start + 1h, "01JD8Q4Z7T3V9XK2M5N6P8R0SB");
  before.acknowledge(taken_on(start + 2h));
  auto after = restarted(before, filter());
  const auto alert = after.hold(start + 30h, prediction(start + 30h, 500h));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->rev, 4);
  EXPECT_EQ(alert->ack->reference->id, "WO-1");
  EXPECT_EQ(alert->parent, "01JD8Q4Z7T3V9XK2M5N6P8R0SB");
  EXPECT_EQ(alert->energy->kwh, 3.5);
}

TEST(Episode, is_heard_once_a_day_though_a_period_is_judged_after_a_tick_that_came_later) {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 2000h));
  ASSERT_TRUE(episode.tick(start + 24h + 1ms));
  EXPECT_FALSE(episode.hold(start + 24h, prediction(start + 24h, 1976h)));
}

TEST(Restart, closes_what_was_quiet_for_a_day_in_many_short_lives) {
  auto episode = cleared();
  int hours = 0;
  for (auto now = start + 6h; episode.is_open() && hours < 100; now += 30min) {
    episode.tick(now);
    if (++hours % 4 == 0) episode = restarted(episode, filter());
  }
  EXPECT_FALSE(episode.is_open());
}

TEST(Restart, gives_no_credit_for_an_earlier_quiet) {
  auto episode = cleared();
  ASSERT_FALSE(tick_hourly(episode, start + 7h, start + 25h));
  StateWriter writer;
  episode.save(writer);
  const auto bytes = writer.take();
  episode.hold(start + 26h, prediction(start + 26h, 500h));
  episode.clear(start + 40h);
  Episode after{filter()};
  StateReader reader{bytes};
  after.restore(reader);
  after.restore(*episode.alert());
  EXPECT_FALSE(tick_hourly(after, start + 41h, start + 63h));
  EXPECT_TRUE(tick_hourly(after, start + 64h, start + 66h));
}

}  // namespace
}  // namespace fettle::advisory
