#include "manipulation/point_quality.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <vector>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;

/// A point and what is known of it.
class Watched {
 public:
  explicit Watched(const PointFacts& facts) : facts_{facts}, quality_{facts} {}

  std::optional<Reading> judged(const Reading& reading) { return quality_.judged(facts_, reading); }
  CounterEvent event() const { return quality_.event(); }

 private:
  PointFacts facts_;
  PointQuality quality_;
};

PointFacts with_motion(Quantity quantity, const MotionRule& motion, bool counts = false) {
  return {quantity, facts(quantity).lowest, facts(quantity).highest, motion, counts};
}

const PointFacts thermometer = with_motion(Quantity::temperature, {0.5, 0.1, 0});
const PointFacts meter = with_motion(Quantity::active_energy, {0.5, 0.1, 0}, true);
const PointFacts pulses = with_motion(Quantity::count, {0, 1, 65536}, true);
const PointFacts plain = with_motion(Quantity::temperature, {});

/// The reasons for what a point makes of readings every second.
std::vector<Reason> reasons(const PointFacts& facts, const std::vector<double>& values) {
  Watched point{facts};
  std::vector<Reason> result;
  Time now{};
  for (const double value : values) result.push_back(point.judged(good(PointId{}, now += 1s, value))->reason);
  return result;
}

TEST(PointQuality, doubts_a_single_value_that_came_too_fast) {
  EXPECT_THAT(reasons(thermometer, {20, 20.5, 85, 20.6, 20.2}),
              ElementsAre(Reason::none, Reason::none, Reason::too_fast, Reason::none, Reason::none));
}

TEST(PointQuality, believes_the_second_value_that_agrees) {
  EXPECT_THAT(reasons(thermometer, {20, 40, 40.3, 40.2}),
              ElementsAre(Reason::none, Reason::too_fast, Reason::none, Reason::none));
}

TEST(PointQuality, leaves_a_value_its_last_digit) {
  EXPECT_THAT(reasons(with_motion(Quantity::temperature, {0.5, 1, 0}), {20, 21, 20}), Each(Reason::none));
}

TEST(PointQuality, doubts_a_counter_that_was_set_back_until_it_is_known) {
  EXPECT_THAT(reasons(meter, {100, 0, 0.2, 0.3}),
              ElementsAre(Reason::none, Reason::set_back, Reason::set_back, Reason::none));
  EXPECT_THAT(reasons(meter, {100, 900, 100.5}), ElementsAre(Reason::none, Reason::too_fast, Reason::none));
}

TEST(PointQuality, keeps_the_value_that_it_doubts) {
  Watched point{thermometer};
  point.judged(good(PointId{}, Time{1s}, 20));
  const auto doubted = *point.judged(good(PointId{3}, Time{2s}, 85));
  EXPECT_EQ(doubted.quality, Quality::uncertain);
  EXPECT_EQ(doubted.value, 85);
  EXPECT_EQ(doubted.point, PointId{3});
}

TEST(PointQuality, passes_on_what_is_bad_already_and_what_it_knows_nothing_of) {
  Watched point{thermometer};
  point.judged(good(PointId{}, Time{1s}, 20));
  EXPECT_EQ(point.judged(bad(PointId{}, Time{2s}, Reason::timeout))->reason, Reason::timeout);
  EXPECT_THAT(reasons(plain, {20, 85, 20}), Each(Reason::none));
}

TEST(PointQuality, tells_what_became_of_a_counter) {
  Watched counter{pulses};
  counter.judged(good(PointId{}, Time{1s}, 65530));
  EXPECT_TRUE(counter.judged(good(PointId{}, Time{2s}, 3))->is_good());
  EXPECT_EQ(counter.event(), CounterEvent::wrapped);
  counter.judged(bad(PointId{}, Time{3s}, Reason::timeout));
  EXPECT_EQ(counter.event(), CounterEvent::none);
}

TEST(PointQuality, believes_no_counter_that_stands_at_nothing_until_it_counts) {
  EXPECT_THAT(
      reasons(meter, {100, 0, 0, 0, 100.1, 100.2}),
      ElementsAre(Reason::none, Reason::set_back, Reason::set_back, Reason::set_back, Reason::none, Reason::none));
  EXPECT_THAT(reasons(meter, {100, 0, 0, 0.3, 0.5}),
              ElementsAre(Reason::none, Reason::set_back, Reason::set_back, Reason::set_back, Reason::none));
}

TEST(PointQuality, gives_no_value_to_what_cannot_be) {
  constexpr auto nothing = std::numeric_limits<double>::quiet_NaN();
  constexpr auto infinite = std::numeric_limits<double>::infinity();
  EXPECT_THAT(reasons(plain, {nothing, infinite, -infinite, 1e12}),
              ElementsAre(Reason::no_value, Reason::out_of_range, Reason::out_of_range, Reason::out_of_range));
  Watched point{plain};
  const auto impossible = point.judged(good(PointId{4}, Time{1s}, infinite));
  EXPECT_EQ(impossible->quality, Quality::bad);
  EXPECT_TRUE(std::isnan(impossible->value));
  EXPECT_EQ(impossible->point, PointId{4});
}

TEST(PointQuality, keeps_to_the_range_of_the_profile) {
  auto narrow = plain;
  narrow.highest = 90;
  EXPECT_THAT(reasons(narrow, {90, 90.1}), ElementsAre(Reason::none, Reason::out_of_range));
}

TEST(PointQuality, tells_each_moment_once_and_marks_what_came_late) {
  Watched point{plain};
  EXPECT_TRUE(point.judged(good(PointId{}, Time{10s}, 20))->is_good());
  EXPECT_FALSE(point.judged(good(PointId{}, Time{10s}, 21)));
  const auto late = point.judged(good(PointId{}, Time{9s}, 20));
  EXPECT_EQ(late->quality, Quality::uncertain);
  EXPECT_EQ(late->reason, Reason::out_of_order);
  EXPECT_TRUE(point.judged(good(PointId{}, Time{11s}, 20))->is_good());
}

TEST(PointQuality, asks_for_no_rate_over_a_long_gap) {
  Watched point{with_motion(Quantity::temperature, {0.0001, 0.1, 0})};
  point.judged(good(PointId{}, Time{1h}, 20));
  EXPECT_EQ(point.judged(good(PointId{}, Time{6h}, 60))->reason, Reason::too_fast);
  EXPECT_TRUE(point.judged(good(PointId{}, Time{13h}, 60))->is_good());
}

TEST(PointQuality, takes_no_more_than_a_hundred_bytes_where_nothing_special_is_known) {
  EXPECT_LE(sizeof(PointQuality), 120);
}

}  // namespace
}  // namespace fettle::manipulation
