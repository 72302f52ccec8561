#include "advisory/mode_case.hpp"

#include "advisory/system_case.hpp"
#include "advisory/wording.hpp"
#include "sample_episodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;
using test::in;
using test::start;
using ::testing::HasSubstr;

SlotFacts pump() {
  SlotFacts facts;
  facts.asset = "PUMP-01";
  facts.mode = "bearing-wear";
  facts.part = "pump bearing";
  facts.cause = "rolling bearing wear";
  facts.effect = "the bearing seizes";
  facts.severity = Severity::major;
  facts.horizon = 24h * 90;
  facts.advice.code = "BEARING-REPLACE";
  facts.identity = "gw-0042";
  return facts;
}

ModeCase vibration() { return {pump(), {{"PUMP-01/vibration", "", "Bearing vibration", Quantity::velocity, 1h}}}; }

/// An indicator with baseline 1, warning at 2 and limit at 5.
ModeHealth health(Time time, double value, double evidence = 10) {
  ModeHealth result;
  result.time = time;
  result.value = value;
  result.baseline = 1;
  result.warn = 2;
  result.limit = 5;
  result.index = (value - 1) / 4;
  result.evidence = evidence;
  return result;
}

TEST(ModeCase, predicts_when_a_trend_has_lasted_for_three_updates) {
  auto mode_case = vibration();
  EXPECT_FALSE(mode_case.consider(0, health(start, 2.1), in(start, 480h)));
  EXPECT_FALSE(mode_case.consider(0, health(start + 1h, 2.1), in(start + 1h, 480h)));
  const auto alert = mode_case.consider(0, health(start + 2h, 2.2), in(start + 2h, 480h));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->kind, AlertKind::prediction);
  EXPECT_EQ(alert->severity, Severity::major);
  EXPECT_EQ(alert->priority, 3);
  EXPECT_TRUE(dispatch_grade(*alert));
  EXPECT_EQ(alert->title, "PUMP-01 pump bearing reaches its limit in about 20 days");
  EXPECT_THAT(alert->text, HasSubstr("Bearing vibration rose from 1.00 mm/s to 2.20 mm/s"));
  ASSERT_EQ(alert->evidence->points.size(), 1U);
  EXPECT_EQ(alert->evidence->points[0].trend.size(), 3U);
}

TEST(ModeCase, is_not_moved_by_a_single_outlier) {
  auto mode_case = vibration();
  for (int hour = 0; hour < 100; ++hour) {
    const auto now = start + hour * 1h;
    EXPECT_FALSE(mode_case.consider(0, health(now, hour % 10 == 0 ? 4.9 : 1.0), in(now, 100h)));
  }
}

TEST(ModeCase, calls_a_raised_level_without_a_trend_a_fault_that_needs_no_visit) {
  auto mode_case = vibration();
  std::optional<Alert> alert;
  for (int hour = 0; hour < 6; ++hour) alert = mode_case.consider(0, health(start + hour * 1h, 3), std::nullopt);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->kind, AlertKind::fault);
  EXPECT_EQ(alert->severity, Severity::warning);
  EXPECT_EQ(alert->priority, 4);
  EXPECT_FALSE(dispatch_grade(*alert));
  EXPECT_FALSE(alert->prognosis);
}

TEST(ModeCase, turns_that_fault_into_a_prediction_when_the_trend_shows) {
  auto mode_case = vibration();
  for (int hour = 0; hour < 6; ++hour) mode_case.consider(0, health(start + hour * 1h, 3), std::nullopt);
  std::optional<Alert> alert;
  alert = mode_case.consider(0, health(start + 6h, 3), in(start + 6h, 100h));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->rev, 2);
  EXPECT_EQ(alert->kind, AlertKind::prediction);
  EXPECT_TRUE(dispatch_grade(*alert));
}

TEST(ModeCase, wants_a_visit_today_at_a_limit_that_nobody_had_to_learn) {
  auto mode_case = vibration();
  std::optional<Alert> alert;
  for (int hour = 0; hour < 3; ++hour) {
    auto beyond = health(start + hour * 1h, 5.5);
    beyond.absolute = true;
    alert = mode_case.consider(0, beyond, std::nullopt);
  }
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->severity, Severity::major);
  EXPECT_EQ(alert->priority, 1);
}

TEST(ModeCase, takes_signs_that_lie_far_apart_for_one_only_if_the_machine_may_have_rested_between_them) {
  auto facts = IndicatorFacts{"PUMP-01/vibration", "", "Bearing vibration", Quantity::velocity, 1h};
  ModeCase rests{pump(), {facts}};
  facts.continuous = true;
  ModeCase goes_on{pump(), {facts}};
  bool is_told = false;
  for (int time = 0; time < 9; ++time) {
    const auto now = start + time * 4h;
    is_told = rests.consider(0, health(now, 2.1), in(now, 480h)).has_value() || is_told;
    EXPECT_FALSE(goes_on.consider(0, health(now, 2.1), in(now, 480h)));
  }
  EXPECT_TRUE(is_told);
}

TEST(ModeCase, does_not_believe_what_is_not_significant) {
  auto mode_case = vibration();
  for (int hour = 0; hour < 100; ++hour) {
    EXPECT_FALSE(mode_case.consider(0, health(start + hour * 1h, 2.1, 2), in(start + hour * 1h, 100h)));
  }
}

TEST(ModeCase, ignores_a_failure_beyond_the_horizon) {
  auto mode_case = vibration();
  const auto now = start;
  for (int hour = 0; hour < 3; ++hour) mode_case.consider(0, health(now, 2.1), in(now, 24h * 200));
  EXPECT_FALSE(mode_case.episode().is_open());
}

TEST(ModeCase, clears_when_quiet_has_lasted) {
  auto mode_case = vibration();
  for (int hour = 0; hour < 3; ++hour)
    mode_case.consider(0, health(start + hour * 1h, 2.1), in(start + hour * 1h, 480h));
  ASSERT_TRUE(mode_case.episode().is_active());
  EXPECT_FALSE(mode_case.consider(0, health(start + 3h, 1.1), std::nullopt));
  EXPECT_FALSE(mode_case.consider(0, health(start + 4h, 1.9), std::nullopt));
  EXPECT_FALSE(mode_case.consider(0, health(start + 5h, 1.1), std::nullopt));
  EXPECT_FALSE(mode_case.consider(0, health(start + 6h, 1.1), std::nullopt));
  const auto alert = mode_case.consider(0, health(start + 7h, 1.1), std::nullopt);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->state, AlertState::cleared);
}

TEST(ModeCase, becomes_urgent_at_once_and_calm_only_slowly) {
  auto mode_case = vibration();
  for (int hour = 0; hour < 3; ++hour)
    mode_case.consider(0, health(start + hour * 1h, 2.1), in(start + hour * 1h, 480h));
  EXPECT_EQ(mode_case.episode().alert()->priority, 3);
  const auto failure = start + 60h;
  for (auto now = start + 3h; now < start + 24h; now += 1h)
    mode_case.consider(0, health(now, 4), in(now, failure - now));
  EXPECT_EQ(mode_case.episode().alert()->priority, 1);
  for (auto now = start + 24h; now < start + 47h; now += 1h) {
    mode_case.consider(0, health(now, 4), in(now, 480h));
    EXPECT_EQ(mode_case.episode().alert()->priority, 1);
  }
  for (auto now = start + 47h; now < start + 120h; now += 1h) mode_case.consider(0, health(now, 4), in(now, 480h));
  EXPECT_EQ(mode_case.episode().alert()->priority, 3);
}

TEST(ModeCase, stops_predicting_when_the_trend_has_been_gone_for_a_day_and_stays_worth_a_visit_until_it_is_better) {
  auto mode_case = vibration();
  const auto live = [&](int from, int to, double value, std::optional<Duration> left = {}) {
    for (auto now = start + from * 1h; now < start + to * 1h; now += 1h)
      mode_case.consider(0, health(now, value), left ? std::optional{in(now, *left)} : std::nullopt);
    return *mode_case.episode().alert();
  };
  live(0, 3, 4, 480h);
  EXPECT_EQ(live(3, 26, 4).kind, AlertKind::prediction);
  const auto without = live(26, 100, 4);
  EXPECT_EQ(without.kind, AlertKind::fault);
  EXPECT_EQ(without.severity, Severity::major);
  EXPECT_EQ(without.priority, 3);
  EXPECT_FALSE(without.prognosis);
  EXPECT_EQ(live(100, 123, 2.4).severity, Severity::major) << "it is half as far since less than a day";
  const auto better = live(123, 150, 2.4);
  EXPECT_EQ(better.severity, Severity::warning);
  EXPECT_EQ(better.priority, 4);
  EXPECT_EQ(better.state, AlertState::active);
}

TEST(ModeCase, keeps_a_prediction_that_came_true_urgent) {
  auto mode_case = vibration();
  for (int hour = 0; hour < 3; ++hour) mode_case.consider(0, health(start + hour * 1h, 4), in(start + hour * 1h, 480h));
  for (int hour = 3; hour < 100; ++hour) mode_case.consider(0, health(start + hour * 1h, 5.5), std::nullopt);
  EXPECT_EQ(mode_case.episode().alert()->kind, AlertKind::fault);
  EXPECT_EQ(mode_case.episode().alert()->priority, 1);
  EXPECT_EQ(mode_case.episode().alert()->severity, Severity::major);
}

TEST(ModeCase, speaks_with_one_voice_for_several_indicators) {
  ModeCase shaft{pump(),
                 {{"S/1", "", "Bearing 1", Quantity::velocity, 1h}, {"S/2", "", "Bearing 2", Quantity::velocity, 1h}}};
  int revisions = 0;
  for (int hour = 0; hour < 24; ++hour) {
    const auto now = start + hour * 1h;
    revisions += shaft.consider(0, health(now, 3), in(now, 200h - hour * 1h)) ? 1 : 0;
    revisions += shaft.consider(1, health(now, 3), in(now, 400h - hour * 1h)) ? 1 : 0;
  }
  EXPECT_EQ(revisions, 1);
}

/// The pressure says when the end comes; that some of it is missing shows earlier, and says no more than that.
ModeCase leak() {
  IndicatorFacts pressure{"H/pressure", "", "Pressure", Quantity::pressure, 1h};
  IndicatorFacts missing{"H/missing", "", "Missing pressure", Quantity::pressure, 1h};
  missing.foretells = false;
  return {pump(), {pressure, missing}};
}

ModeHealth certain(Time time) {
  auto result = health(time, 5.5);
  result.absolute = true;
  return result;
}

TEST(ModeCase, is_worth_a_visit_but_no_alarm_where_the_fault_is_certain_and_its_end_is_not) {
  auto heating = leak();
  std::optional<Alert> alert;
  for (int hour = 0; hour < 4; ++hour) {
    heating.consider(0, health(start + hour * 1h, 1.1), std::nullopt);
    if (auto news = heating.consider(1, certain(start + hour * 1h), std::nullopt)) alert = news;
  }
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->kind, AlertKind::fault);
  EXPECT_EQ(alert->severity, Severity::major);
  EXPECT_EQ(alert->priority, 3);
  EXPECT_FALSE(alert->prognosis);
}

TEST(ModeCase, learns_from_another_indicator_when_the_end_of_a_certain_fault_comes) {
  auto heating = leak();
  std::optional<Alert> alert;
  for (int hour = 0; hour < 4; ++hour) {
    const auto now = start + hour * 1h;
    heating.consider(0, health(now, 1.6), in(now, 480h - hour * 1h));  // not yet beyond its own warning
    if (auto news = heating.consider(1, certain(now), std::nullopt)) alert = news;
  }
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->kind, AlertKind::prediction);
  ASSERT_TRUE(alert->prognosis);
  EXPECT_NEAR(alert->prognosis->mid, 478, 2);
  EXPECT_THAT(alert->text, HasSubstr("Pressure"));
  ASSERT_EQ(alert->evidence->points.size(), 2U);
  EXPECT_EQ(alert->evidence->points[1].id, "H/missing");
}

TEST(ModeCase, goes_on_counting_after_a_restart) {
  auto before = vibration();
  before.consider(0, health(start, 2.1), in(start, 480h));
  before.consider(0, health(start + 1h, 2.1), in(start + 1h, 480h));
  StateWriter writer;
  before.save(writer);
  const auto bytes = writer.take();
  auto after = vibration();
  StateReader reader{bytes};
  Stateful& state = after;
  ASSERT_TRUE(state.restore(reader));
  EXPECT_TRUE(after.consider(0, health(start + 2h, 2.1), in(start + 2h, 480h)));
}

TEST(SystemCase, is_raised_once_and_clears) {
  SlotFacts facts;
  facts.asset = "plant_room";
  facts.mode = "bus-loss";
  facts.severity = Severity::major;
  SystemCase bus{facts};
  EXPECT_FALSE(bus.report(start, false, "", ""));
  const auto alert = bus.report(start, true, "Bus plant_room does not answer", "Check cable and power.");
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->kind, AlertKind::system);
  EXPECT_FALSE(dispatch_grade(*alert));
  EXPECT_FALSE(bus.report(start + 1h, true, "Bus plant_room does not answer", "Check cable and power."));
  EXPECT_EQ(bus.report(start + 2h, false, "", "")->state, AlertState::cleared);
}

TEST(Wording, fills_places_into_a_note_or_leaves_it_out) {
  Asset asset;
  asset.location.building = "building B2";
  EXPECT_EQ(fill_note("A pump in {building} needs care.", asset), "A pump in building B2 needs care.");
  EXPECT_EQ(fill_note("A filter serving {area} needs care.", asset), "");
}

TEST(Wording, writes_numbers_as_people_do) {
  EXPECT_EQ(with_unit(212.43, Quantity::pressure), "212.4 Pa");
  EXPECT_EQ(with_unit(31.5, Quantity::temperature), "31.50 °C");
  EXPECT_EQ(with_unit(0.041, Quantity::ratio), "4.1 %");
  EXPECT_EQ(with_unit(12, Quantity::count), "12");
}

}  // namespace
}  // namespace fettle::advisory
