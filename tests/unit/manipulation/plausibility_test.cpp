#include "manipulation/plausibility.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;

/// The reasons for what a point makes of readings every second.
std::vector<Reason> reasons(Plausibility point, const std::vector<double>& values) {
  std::vector<Reason> result;
  Time now{};
  for (const double value : values) result.push_back(point.judged(good(PointId{}, now += 1s, value)).reason);
  return result;
}

const Plausibility thermometer{Plausibility::Kind::gauge, {0.5, 0.1, 0}};
const Plausibility meter{Plausibility::Kind::counter, {0.5, 0.1, 0}};

TEST(Plausibility, doubts_a_single_value_that_came_too_fast) {
  EXPECT_THAT(reasons(thermometer, {20, 20.5, 85, 20.6, 20.2}),
              ElementsAre(Reason::none, Reason::none, Reason::too_fast, Reason::none, Reason::none));
}

TEST(Plausibility, believes_the_second_value_that_agrees) {
  EXPECT_THAT(reasons(thermometer, {20, 40, 40.3, 40.2}),
              ElementsAre(Reason::none, Reason::too_fast, Reason::none, Reason::none));
}

TEST(Plausibility, leaves_a_value_its_last_digit) {
  EXPECT_THAT(reasons({Plausibility::Kind::gauge, {0.5, 1, 0}}, {20, 21, 20}), Each(Reason::none));
}

TEST(Plausibility, doubts_a_counter_that_was_set_back_until_it_is_known) {
  EXPECT_THAT(reasons(meter, {100, 0, 0.2, 0.3}),
              ElementsAre(Reason::none, Reason::set_back, Reason::set_back, Reason::none));
  EXPECT_THAT(reasons(meter, {100, 900, 100.5}), ElementsAre(Reason::none, Reason::too_fast, Reason::none));
}

TEST(Plausibility, keeps_the_value_that_it_doubts) {
  auto point = thermometer;
  point.judged(good(PointId{}, Time{1s}, 20));
  const auto doubted = point.judged(good(PointId{3}, Time{2s}, 85));
  EXPECT_EQ(doubted.quality, Quality::uncertain);
  EXPECT_EQ(doubted.value, 85);
  EXPECT_EQ(doubted.point, PointId{3});
}

TEST(Plausibility, passes_on_what_is_bad_already_and_what_it_knows_nothing_of) {
  auto point = thermometer;
  point.judged(good(PointId{}, Time{1s}, 20));
  EXPECT_EQ(point.judged(bad(PointId{}, Time{2s}, Reason::timeout)).reason, Reason::timeout);
  EXPECT_THAT(reasons({Plausibility::Kind::gauge, {}}, {20, 85, 20}), Each(Reason::none));
}

TEST(Plausibility, tells_what_became_of_a_counter) {
  Plausibility pulses{Plausibility::Kind::counter, {0, 1, 65536}};
  pulses.judged(good(PointId{}, Time{1s}, 65530));
  EXPECT_TRUE(pulses.judged(good(PointId{}, Time{2s}, 3)).is_good());
  EXPECT_EQ(pulses.event(), CounterEvent::wrapped);
  pulses.judged(bad(PointId{}, Time{3s}, Reason::timeout));
  EXPECT_EQ(pulses.event(), CounterEvent::none);
}

}  // namespace
}  // namespace fettle::manipulation
