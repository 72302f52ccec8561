#include "manipulation/cycles.hpp"

#include "sample_features.hpp"

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

TEST(Cycles, begin_and_end_halfway_between_two_readings) {
  Cycles cycles{1min};
  cycles.take(good(state_point, monday, 0));
  const auto start = cycles.take(good(state_point, monday + 1min, 1));
  EXPECT_TRUE(start.started);
  EXPECT_EQ(start.on, 30s);
  EXPECT_EQ(start.off, 30s);
  EXPECT_FALSE(start.finished);
  cycles.take(good(state_point, monday + 2min, 1));
  const auto stop = cycles.take(good(state_point, monday + 3min, 0));
  EXPECT_FALSE(stop.started);
  ASSERT_TRUE(stop.finished);
  EXPECT_TRUE(stop.finished->on);
  EXPECT_EQ(stop.finished->length, 2min);
}

TEST(Cycles, take_no_gap_for_a_stop) {
  Cycles cycles{1min};
  cycles.take(good(state_point, monday, 0));
  cycles.take(good(state_point, monday + 1min, 1));
  const auto after = cycles.take(good(state_point, monday + 30min, 1));
  EXPECT_FALSE(after.started);
  EXPECT_EQ(after.on + after.off, 0s);
  EXPECT_FALSE(cycles.take(good(state_point, monday + 31min, 0)).finished);
}

TEST(Cycles, count_a_start_that_a_gap_hides_without_guessing_its_length) {
  Cycles cycles{1min};
  cycles.take(good(state_point, monday, 0));
  EXPECT_TRUE(cycles.take(good(state_point, monday + 2h, 1)).started);
  EXPECT_FALSE(cycles.take(good(state_point, monday + 121min, 0)).finished);
}

TEST(Cycles, take_a_bad_reading_for_a_missing_one) {
  Cycles cycles{1min};
  cycles.take(good(state_point, monday, 0));
  cycles.take(good(state_point, monday + 1min, 1));
  cycles.take(bad(state_point, monday + 2min, Reason::timeout));
  EXPECT_EQ(cycles.take(good(state_point, monday + 3min, 1)).on, 2min);
}

TEST(Cycles, learn_nothing_from_a_clock_that_is_set_back) {
  Cycles cycles{1min};
  cycles.take(good(state_point, monday, 0));
  cycles.take(good(state_point, monday + 1min, 1));
  const auto back = cycles.take(good(state_point, monday - 24h, 1));
  EXPECT_EQ(back.on, 0s);
  EXPECT_FALSE(cycles.take(good(state_point, monday - 24h + 1min, 0)).finished);
}

/// Starts, times and lengths of a random life, told by the properties that no life breaks.
class AnyLife : public testing::TestWithParam<unsigned> {};

TEST_P(AnyLife, is_wholly_spent_running_or_standing) {
  std::mt19937 random{GetParam()};
  std::uniform_int_distribution<int> step{0, 200};
  Cycles cycles{60s};
  Duration on{}, off{}, known{}, stretches{};
  int starts = 0, stops = 0;
  Time now = monday, last = now;
  cycles.take(good(state_point, now, 0));
  for (int i = 0; i < 20'000; ++i) {
    now += std::chrono::seconds{step(random)};
    const auto taken = cycles.take(good(state_point, now, random() % 5 == 0 ? 1 : 0));
    if (now - last <= 180s) known += now - last;
    last = now;
    on += taken.on;
    off += taken.off;
    starts += taken.started ? 1 : 0;
    stops += taken.finished && taken.finished->on ? 1 : 0;
    if (taken.finished) {
      EXPECT_GE(taken.finished->length, 0s);
      stretches += taken.finished->length;
    }
  }
  EXPECT_EQ(on + off, known);
  EXPECT_LE(stretches, known);
  EXPECT_LE(stops, starts);
  EXPECT_GT(stops, starts / 4);
}

TEST_P(AnyLife, keeps_shares_within_one_and_counters_rising) {
  std::mt19937 random{GetParam()};
  const std::vector<Argument> of{point(state_point, 1min)};
  const auto duty = make_feature("duty", of, {{"hours", 3}});
  const auto rate = make_feature("starts_per_hour", of, {{"hours", 3}});
  const auto hours = make_feature("run_hours", of);
  const auto starts = make_feature("starts", of);
  Time now = monday;
  double most_hours = 0, most_starts = 0;
  for (int i = 0; i < 20'000; ++i) {
    now += std::chrono::seconds{random() % 500 == 0 ? -7200 : static_cast<int>(random() % 150)};
    const auto reading = random() % 20 == 0 ? bad(state_point, now, Reason::offline)
                                            : good(state_point, now, random() % 30 < 10 ? 1 : 0);
    const auto share = duty->derive(reading);
    if (share->is_good()) {
      ASSERT_GE(share->value, 0);
      ASSERT_LE(share->value, 1);
    }
    const auto per_hour = rate->derive(reading);
    if (per_hour->is_good()) {
      ASSERT_GE(per_hour->value, 0);
    }
    const auto ran = hours->derive(reading);
    const auto started = starts->derive(reading);
    if (!reading.is_good()) continue;
    ASSERT_GE(ran->value, most_hours);
    ASSERT_GE(started->value, most_starts);
    most_hours = ran->value;
    most_starts = started->value;
  }
  EXPECT_GT(most_hours, 0);
  EXPECT_GT(most_starts, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnyLife, testing::Values(1U, 2U, 3U, 4U, 5U));

}  // namespace
}  // namespace fettle::manipulation
