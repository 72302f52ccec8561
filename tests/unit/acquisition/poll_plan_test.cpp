#include "acquisition/poll_plan.hpp"

#include <gmock/gmock.h>

#include <array>
#include <vector>

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;
using testing::Optional;

constexpr Time start{1'000'000s};

auto turn_of(std::size_t device) { return Optional(Field(&PollPlan::Turn::device, device)); }

TEST(PollPlan, asks_everybody_at_the_start_in_order) {
  PollPlan plan{std::vector<Paces>{all_at(10s), all_at(5s)}, start};
  EXPECT_EQ(plan.wait(start), 0s);
  EXPECT_THAT(plan.take(start), turn_of(0));
  EXPECT_THAT(plan.take(start), turn_of(1));
  EXPECT_FALSE(plan.take(start));
  EXPECT_EQ(plan.wait(start), 5s);
}

TEST(PollPlan, does_not_drift_when_polls_are_taken_late) {
  PollPlan plan{std::vector<Paces>{all_at(10s)}, start};
  for (int poll = 0; poll < 100; ++poll) EXPECT_THAT(plan.take(start + poll * 10s + 3s), turn_of(0));
  EXPECT_EQ(plan.wait(start + 993s), 7s);
  EXPECT_EQ(plan.skipped(0), 0U);
}

TEST(PollPlan, skips_what_is_late_and_counts_it) {
  PollPlan plan{std::vector<Paces>{all_at(10s)}, start};
  EXPECT_THAT(plan.take(start), turn_of(0));
  EXPECT_THAT(plan.take(start + 45s), turn_of(0));
  EXPECT_FALSE(plan.take(start + 45s));
  EXPECT_EQ(plan.skipped(0), 3U);
  EXPECT_EQ(plan.wait(start + 45s), 5s);
}

TEST(PollPlan, serves_who_has_waited_longest_so_that_a_slow_bus_starves_nobody) {
  PollPlan plan{std::vector<Paces>{all_at(1s), all_at(1s), all_at(10s)}, start};
  std::array<int, 3> polls{};
  for (int turn = 0; turn < 300; ++turn) ++polls.at(plan.take(start + turn * 2s).value().device);
  EXPECT_GE(polls[0], 100);
  EXPECT_GE(polls[1], 100);
  EXPECT_GE(polls[2], 50);
}

TEST(PollPlan, goes_on_at_once_when_the_clock_is_set_back) {
  PollPlan plan{std::vector<Paces>{all_at(10s)}, start};
  EXPECT_THAT(plan.take(start), turn_of(0));
  EXPECT_EQ(plan.wait(start - 1h), 0s);
  EXPECT_THAT(plan.take(start - 1h), turn_of(0));
  EXPECT_EQ(plan.wait(start - 1h), 10s);
}

TEST(PollPlan, wants_the_points_of_each_class_at_their_own_pace) {
  PollPlan plan{std::vector<Paces>{{1s, 10s, 60s}}, start};
  std::array<int, 3> wanted{};
  int turns = 0;
  for (auto now = start; now < start + 60s; now += 1s, ++turns) {
    const auto turn = plan.take(now);
    ASSERT_TRUE(turn);
    for (std::size_t place = 0; place < wanted.size(); ++place) wanted.at(place) += turn->classes.test(place) ? 1 : 0;
    EXPECT_FALSE(plan.take(now));
  }
  EXPECT_THAT(wanted, ElementsAre(60, 6, 1));
}

TEST(PollPlan, without_devices_waits_for_ever) {
  PollPlan plan{{}, start};
  EXPECT_FALSE(plan.take(start));
  EXPECT_EQ(plan.wait(start), Duration::max());
}

}  // namespace
}  // namespace fettle::acquisition
