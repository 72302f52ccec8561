#include "advisory/ulid.hpp"
#include "sample_cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(Agreement, of_signs_that_know_nothing_of_each_other_halves_the_patience_and_is_worth_a_visit) {
  ModeCase alone{slot("wear"), {seen_by({temperature}), seen_by({temperature, pressure})}};
  ModeCase agreed{slot("wear"), {seen_by({temperature}), seen_by({pressure, flow})}};
  std::optional<Alert> of_alone, of_agreed;
  for (auto now = start; now < start + 3h; now += 1h) {
    for (const std::size_t indicator : {0U, 1U}) {
      if (auto alert = alone.consider(indicator, at(now, 0.9, false), std::nullopt)) of_alone = alert;
      if (auto alert = agreed.consider(indicator, at(now, 0.9, false), std::nullopt)) of_agreed = alert;
    }
  }
  EXPECT_FALSE(of_alone) << "one sensor speaks twice";
  ASSERT_TRUE(of_agreed);
  EXPECT_FALSE(dispatch_grade(*of_agreed));
  auto now = start + 3h;
  const auto sole = live(alone, now, 6, 1.2, false);
  ASSERT_TRUE(sole);
  EXPECT_FALSE(dispatch_grade(*sole));
  for (int hour = 0; hour < 3; ++hour, now += 1h) {
    agreed.consider(0, at(now, 1.2, false), std::nullopt);
    agreed.consider(1, at(now, 1.2, false), std::nullopt);
  }
  EXPECT_TRUE(dispatch_grade(*agreed.episode().alert()));
}

TEST(Support, is_the_mean_over_signs_that_share_no_sensor) {
  ModeCase its{slot("wear"), {seen_by({temperature}), seen_by({pressure}), seen_by({pressure, flow})}};
  EXPECT_FALSE(its.support(start));
  its.consider(0, at(start, 1.5), std::nullopt);
  EXPECT_DOUBLE_EQ(its.support(start).value(), 1);
  its.consider(1, at(start, 0.2), std::nullopt);
  its.consider(2, at(start, 0.4), std::nullopt);
  EXPECT_DOUBLE_EQ(its.support(start).value(), 0.7);
  EXPECT_FALSE(its.support(start + 4h)) << "nothing was judged lately";
}

class TwoModes : public testing::Test {
 protected:
  TwoModes() { consequence.relate({{&cause}, {}, nullptr, {}}); }

  ModeCase cause{slot("clogged", Severity::minor), {seen_by({flow})}};
  ModeCase consequence{slot("starved"), {seen_by({temperature})}};
  Time now = start;
};

TEST_F(TwoModes, what_a_cause_explains_is_no_visit_of_its_own_from_its_first_revision_on) {
  live(cause, now, 3, 1.2);
  const auto told = live(consequence, now, 3, 1.2);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->rev, 1);
  EXPECT_EQ(told->parent, cause.episode().alert()->id);
  EXPECT_FALSE(dispatch_grade(*told));
}

TEST_F(TwoModes, a_cause_that_comes_later_takes_over) {
  ASSERT_TRUE(dispatch_grade(*live(consequence, now, 3, 1.2)));
  EXPECT_FALSE(consequence.explain(now, ""));
  live(cause, now, 3, 1.2);
  const auto told = consequence.explain(now, "");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->parent, cause.episode().alert()->id);
  EXPECT_FALSE(consequence.explain(now, "")) << "once is enough";
}

TEST_F(TwoModes, what_can_wait_longer_explains_nothing) {
  live(cause, now, 6, 0.8);  // for information
  ASSERT_FALSE(dispatch_grade(*cause.episode().alert()));
  EXPECT_TRUE(dispatch_grade(*live(consequence, now, 3, 1.2)));
}

TEST_F(TwoModes, a_consequence_is_a_visit_when_it_is_seen_more_than_a_day_after_its_cause_was_closed) {
  live(cause, now, 3, 1.2);
  live(consequence, now, 3, 1.2);
  Outcome outcome;
  outcome.verdict = Conclusion::confirmed;
  outcome.at = now;
  ASSERT_TRUE(cause.episode().close(now, outcome));
  now += 22h;
  live(consequence, now, 1, 1.2);
  EXPECT_FALSE(consequence.explain(now, "")) << "it takes its time to calm down";
  EXPECT_FALSE(consequence.explain(now + 24h * 30, "")) << "nothing has been seen of it since";
  EXPECT_TRUE(dispatch_grade(*live(consequence, now, 2, 1.2)));
}

TEST_F(TwoModes, what_explains_everything_comes_before_a_cause) {
  live(cause, now, 3, 1.2);
  live(consequence, now, 3, 1.2);
  const auto told = consequence.explain(now, "01JD8Q4Z7T3V9XK2M5N6P8R0SA");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->parent, "01JD8Q4Z7T3V9XK2M5N6P8R0SA");
  EXPECT_EQ(consequence.explain(now, "")->parent, cause.episode().alert()->id);
}

class Rivals : public testing::Test {
 protected:
  Rivals() {
    first.relate({{}, {&second}, nullptr, {}});
    second.relate({{}, {&first}, nullptr, {}});
  }
  /// Both signs of the first one, and the second one's.
  void live_on(int hours, double both, double only, double others) {
    for (int hour = 0; hour < hours; ++hour) {
      now += 1h;
      first.consider(0, at(now, both), std::nullopt);
      first.consider(1, at(now, only), std::nullopt);
      second.consider(0, at(now, others), std::nullopt);
      first.explain(now, "");
      second.explain(now, "");
    }
  }
  std::string parent_of(const ModeCase& its) const { return its.episode().alert()->parent; }
  std::string id_of(const ModeCase& its) const { return its.episode().alert()->id; }

  ModeCase first{slot("leak"), {seen_by({temperature}), seen_by({pressure})}};
  ModeCase second{slot("fouling"), {seen_by({temperature, flow})}};
  Time now = start;
};

TEST_F(Rivals, the_one_that_came_first_leads_as_long_as_it_is_about_as_clear) {
  live_on(3, 1.2, 1.2, 0);
  live_on(6, 1.2, 0.7, 1.2);
  EXPECT_EQ(parent_of(first), "");
  EXPECT_EQ(parent_of(second), id_of(first));
}

TEST_F(Rivals, the_clearer_one_takes_over_and_stays) {
  live_on(3, 1.2, 0.9, 0);
  live_on(3, 1.2, 0.1, 1.2);  // 0.55 against 1
  EXPECT_EQ(parent_of(first), id_of(second));
  EXPECT_EQ(parent_of(second), "");
  live_on(3, 1.2, 0.9, 1.2);
  EXPECT_EQ(parent_of(first), id_of(second)) << "about as clear is not enough to change it again";
}

TEST_F(Rivals, others_sensors_are_no_rivalry) {
  ModeCase other{slot("wear"), {seen_by({flow})}};
  other.relate({{}, {&first}, nullptr, {}});
  live_on(3, 1.2, 1.2, 0);
  EXPECT_TRUE(dispatch_grade(*live(other, now, 3, 1.2)));
}

TEST_F(Rivals, one_that_is_explained_itself_leads_to_what_explains_it) {
  ModeCase third{slot("stuck"), {seen_by({temperature})}};
  third.relate({{}, {&second}, nullptr, {}});
  live_on(3, 1.2, 1.2, 0);
  live_on(3, 1.2, 1.2, 1.2);
  ASSERT_EQ(parent_of(second), id_of(first));
  live(third, now, 3, 1.2);
  EXPECT_EQ(parent_of(third), id_of(first));
}

TEST_F(Rivals, nothing_hides_behind_what_is_less_grave) {
  ModeCase critical{slot("seized", Severity::critical), {seen_by({temperature})}};
  critical.relate({{}, {&first}, nullptr, {}});
  live_on(3, 1.2, 1.2, 0);
  EXPECT_TRUE(dispatch_grade(*live(critical, now, 3, 1.2)));
}

TEST_F(Rivals, a_restart_changes_nothing) {
  live_on(3, 1.2, 1.2, 0);
  live_on(3, 1.2, 1.2, 1.2);
  ModeCase again{slot("fouling"), {seen_by({temperature, flow})}};
  again.relate({{}, {&first}, nullptr, {}});
  again.restore(*second.episode().alert());
  EXPECT_FALSE(again.explain(now, ""));
  EXPECT_EQ(parent_of(again), id_of(first));
}

TEST(Doubt, what_is_concluded_from_a_sensor_that_does_not_measure_is_about_the_sensor) {
  auto facts = slot("sensor-fault", Severity::minor);
  facts.kind = AlertKind::system;
  ModeCase sensors{facts, {seen_by({})}};
  ModeCase wear{slot("wear"), {seen_by({temperature})}};
  ModeCase leak{slot("leak"), {seen_by({pressure})}};
  const auto is_unfit = [](PointId point) { return point == temperature; };
  wear.relate({{}, {}, &sensors, is_unfit});
  leak.relate({{}, {}, &sensors, is_unfit});
  auto now = start;
  live(sensors, now, 3, 1.2);
  // The sensor can wait for the next visit; a machine at its limit cannot, if it is one.
  ASSERT_EQ(sensors.episode().alert()->priority, 3);
  live(wear, now, 3, 1.2);
  live(leak, now, 3, 1.2);
  EXPECT_EQ(wear.episode().alert()->parent, sensors.episode().alert()->id);
  EXPECT_EQ(leak.episode().alert()->parent, "");
}

TEST(Doubt, of_a_sensor_that_measures_again_lasts_for_another_day) {
  auto facts = slot("sensor-fault", Severity::minor);
  facts.kind = AlertKind::system;
  ModeCase sensors{facts, {seen_by({})}};
  ModeCase wear{slot("wear"), {seen_by({temperature})}};
  bool unfit = true;
  wear.relate({{}, {}, &sensors, [&unfit](PointId) { return unfit; }});
  auto now = start;
  live(sensors, now, 3, 1.2);
  live(wear, now, 3, 1.2);
  unfit = false;  // another sensor may still be
  live(wear, now, 23, 1.2);
  EXPECT_EQ(wear.episode().alert()->parent, sensors.episode().alert()->id);
  live(wear, now, 1, 1.2);
  EXPECT_TRUE(dispatch_grade(*wear.episode().alert()));
}

TEST(Opportunity, is_offered_once_a_month_for_each_machine) {
  const auto offer = [](const std::string& mode) {
    auto facts = slot(mode, Severity::warning);
    facts.kind = AlertKind::service;
    return ModeCase{facts, {seen_by({temperature})}};
  };
  auto oversized = offer("oversized");
  auto by_night = offer("runs-at-night");
  by_night.relate({{}, {}, nullptr, {}, {&oversized}});
  std::vector<std::pair<std::string, int>> told;
  for (int hour = 0; hour < 24 * 60; ++hour) {
    for (auto* each : {&oversized, &by_night}) {
      const auto alert = each->consider(0, at(start + hour * 1h, 1.1), std::nullopt);
      if (alert && alert->rev == 1) told.emplace_back(alert->mode, hour / 24);
    }
  }
  EXPECT_THAT(told, testing::ElementsAre(testing::Pair("oversized", 0), testing::Pair("runs-at-night", 30)));
}

TEST(Opportunity, that_was_offered_before_a_restart_counts) {
  auto facts = slot("oversized", Severity::warning);
  facts.kind = AlertKind::service;
  ModeCase oversized{facts, {seen_by({temperature})}};
  Alert closed;
  closed.asset = facts.asset;
  closed.mode = facts.mode;
  closed.id = make_ulid(start, "oversized");
  closed.state = AlertState::closed;
  closed.raised_at = start;
  closed.closed_at = start + 48h;
  oversized.restore(closed);
  std::optional<Time> offered;
  for (int hour = 96; hour < 24 * 60 && !offered; ++hour) {
    if (oversized.consider(0, at(start + hour * 1h, 1.1), std::nullopt)) offered = start + hour * 1h;
  }
  ASSERT_TRUE(offered);
  EXPECT_EQ(*offered - start, 24h * 30);
}

}  // namespace
}  // namespace fettle::advisory
