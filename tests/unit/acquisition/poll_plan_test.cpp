#include "acquisition/poll_plan.hpp"

#include <gmock/gmock.h>

#include <array>

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Optional;

constexpr Time start{1'000'000s};

TEST(PollPlan, asks_everybody_at_the_start_in_order) {
  PollPlan plan{std::array<Duration, 2>{10s, 5s}, start};
  EXPECT_EQ(plan.wait(start), 0s);
  EXPECT_THAT(plan.take(start), Optional(0U));
  EXPECT_THAT(plan.take(start), Optional(1U));
  EXPECT_EQ(plan.take(start), std::nullopt);
  EXPECT_EQ(plan.wait(start), 5s);
}

TEST(PollPlan, does_not_drift_when_polls_are_taken_late) {
  PollPlan plan{std::array<Duration, 1>{10s}, start};
  for (int poll = 0; poll < 100; ++poll) EXPECT_THAT(plan.take(start + poll * 10s + 3s), Optional(0U));
  EXPECT_EQ(plan.wait(start + 993s), 7s);
  EXPECT_EQ(plan.skipped(0), 0U);
}

TEST(PollPlan, skips_what_is_late_and_counts_it) {
  PollPlan plan{std::array<Duration, 1>{10s}, start};
  EXPECT_THAT(plan.take(start), Optional(0U));
  EXPECT_THAT(plan.take(start + 45s), Optional(0U));
  EXPECT_EQ(plan.take(start + 45s), std::nullopt);
  EXPECT_EQ(plan.skipped(0), 3U);
  EXPECT_EQ(plan.wait(start + 45s), 5s);
}

TEST(PollPlan, serves_who_has_waited_longest_so_that_a_slow_bus_starves_nobody) {
  PollPlan plan{std::array<Duration, 3>{1s, 1s, 10s}, start};
  std::array<int, 3> polls{};
  for (int turn = 0; turn < 300; ++turn) ++polls.at(plan.take(start + turn * 2s).value());
  EXPECT_GE(polls[0], 100);
  EXPECT_GE(polls[1], 100);
  EXPECT_GE(polls[2], 50);
}

TEST(PollPlan, goes_on_at_once_when_the_clock_is_set_back) {
  PollPlan plan{std::array<Duration, 1>{10s}, start};
  EXPECT_THAT(plan.take(start), Optional(0U));
  EXPECT_EQ(plan.wait(start - 1h), 0s);
  EXPECT_THAT(plan.take(start - 1h), Optional(0U));
  EXPECT_EQ(plan.wait(start - 1h), 10s);
}

TEST(PollPlan, without_devices_waits_for_ever) {
  PollPlan plan{{}, start};
  EXPECT_EQ(plan.take(start), std::nullopt);
  EXPECT_EQ(plan.wait(start), Duration::max());
}

}  // namespace
}  // namespace fettle::acquisition
