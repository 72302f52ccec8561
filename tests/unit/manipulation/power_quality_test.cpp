#include "sample_features.hpp"

#include <cmath>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

TEST(ThermalState, follows_the_square_of_the_current_with_its_time_constant) {
  const auto feature = make_feature("thermal_state", {point(power_point, 1min), figure(10)}, {{"minutes", 20}});
  Time now = monday;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(feature->derive(good(power_point, now += 1min, 0))->reason, Reason::too_few);
  EXPECT_EQ(feature->derive(good(power_point, now += 1min, 0))->value, 0);
  Reading last;
  for (int i = 0; i < 20; ++i) last = *feature->derive(good(power_point, now += 1min, 10));
  EXPECT_NEAR(last.value, 1 - std::exp(-1), 1e-9);
  // One step of twenty minutes is as good as twenty of one.
  last = *feature->derive(good(power_point, now += 20min, 20));
  EXPECT_NEAR(last.value, 4 - (4 - 1 + std::exp(-1)) * std::exp(-1), 1e-9);
}

TEST(ThermalState, waits_again_after_a_gap_or_a_clock_set_back) {
  const auto feature = make_feature("thermal_state", {point(power_point, 1min), figure(10)});
  Time now = monday;
  for (int i = 0; i < 30; ++i) feature->derive(good(power_point, now += 1min, 5));
  EXPECT_TRUE(feature->derive(good(power_point, now += 1min, 5))->is_good());
  EXPECT_EQ(feature->derive(good(power_point, now += 21min, 5))->reason, Reason::too_few);
  EXPECT_EQ(feature->derive(bad(power_point, now, Reason::timeout))->reason, Reason::timeout);
  for (int i = 0; i < 30; ++i) feature->derive(good(power_point, now += 1min, 5));
  EXPECT_EQ(feature->derive(good(power_point, now - 24h, 5))->reason, Reason::too_few);
}

TEST(ThermalState, refuses_what_it_cannot_be_made_of) {
  EXPECT_THROW(make_feature("thermal_state", {point(power_point, 1min)}), std::invalid_argument);
  EXPECT_THROW(make_feature("thermal_state", {figure(1), figure(1)}), std::invalid_argument);
  EXPECT_THROW(make_feature("thermal_state", {point(power_point, 1min), figure(10)}, {{"minutes", 0}}),
               std::invalid_argument);
}

/// Two phases of 230 V, read every minute.
class Supply {
 public:
  Supply() : feature_{made()} {}

  static std::unique_ptr<Feature> made() {
    return make_feature("voltage_dips", {point(state_point, 1min), point(power_point, 1min), figure(230)},
                        {{"hours", 2}});
  }
  Reading is(double first, double second, int minutes = 1) {
    Reading last;
    for (int i = 0; i < minutes; ++i) {
      now_ += 1min;
      EXPECT_FALSE(feature_->derive(good(state_point, now_, first)));
      last = feature_->derive(good(power_point, now_, second)).value();
    }
    return last;
  }
  void jump(Duration by) { now_ += by; }
  void restart() {
    auto after = made();
    ASSERT_TRUE(restored(*after, saved(*feature_)));
    EXPECT_EQ(saved(*after), saved(*feature_));
    feature_ = std::move(after);
  }

 private:
  std::unique_ptr<Feature> feature_;
  Time now_ = monday;
};

TEST(VoltageDips, count_a_dip_once_however_many_phases_and_minutes_it_takes) {
  Supply supply;
  EXPECT_EQ(supply.is(230, 230, 30).reason, Reason::too_few);
  EXPECT_EQ(supply.is(230, 230, 60).value, 0);
  EXPECT_EQ(supply.is(190, 230, 3).value, 1);
  EXPECT_EQ(supply.is(190, 200, 3).value, 1);
  EXPECT_EQ(supply.is(230, 200, 3).value, 1);
  // 90 % is back only with 2 % more (IEC 61000-4-30).
  EXPECT_EQ(supply.is(230, 209, 1).value, 1);
  EXPECT_EQ(supply.is(230, 230, 5).value, 1);
  EXPECT_EQ(supply.is(206, 230, 1).value, 2);
  EXPECT_EQ(supply.is(230, 230, 130).value, 0);
}

TEST(VoltageDips, go_on_after_a_restart_in_the_middle_of_one) {
  Supply supply;
  supply.is(230, 230, 90);
  EXPECT_EQ(supply.is(230, 180).value, 1);
  supply.restart();
  EXPECT_EQ(supply.is(230, 180).value, 1);
}

TEST(VoltageDips, know_nothing_of_a_gap) {
  Supply supply;
  supply.is(230, 230, 90);
  supply.jump(24h);
  EXPECT_EQ(supply.is(230, 230).reason, Reason::too_few);
}

TEST(VoltageDips, refuse_what_they_cannot_be_made_of) {
  EXPECT_THROW(make_feature("voltage_dips", {figure(230)}), std::invalid_argument);
  EXPECT_THROW(make_feature("voltage_dips", {point(state_point, 1min)}), std::invalid_argument);
  EXPECT_THROW(make_feature("voltage_dips", {point(state_point, 1min), figure(230)}, {{"share", 2}}),
               std::invalid_argument);
}

/// A value that depends on the load, and perhaps on something else.
class Loaded {
 public:
  Loaded() : feature_{made()} {}

  static std::unique_ptr<Feature> made() {
    return make_feature("at_equal_load", {point(state_point, 10min), point(power_point, 10min)}, {{"hours", 5}});
  }
  Reading is(double value, double load, Duration span = 10min) {
    Reading last;
    for (const auto end = now_ + span; now_ < end;) {
      now_ += 10min;
      feature_->derive(good(state_point, now_, value));
      last = feature_->derive(good(power_point, now_, load)).value();
    }
    return last;
  }
  void restart() {
    auto after = made();
    ASSERT_TRUE(restored(*after, saved(*feature_)));
    feature_ = std::move(after);
  }

 private:
  std::unique_ptr<Feature> feature_;
  Time now_ = monday;
};

TEST(AtEqualLoad, is_the_difference_from_the_mean_of_the_same_tenth) {
  Loaded meter;
  EXPECT_EQ(meter.is(20, 0.31, 5h + 10min).reason, Reason::not_learned);
  EXPECT_EQ(meter.is(10, 0.85, 5h).reason, Reason::not_learned);
  EXPECT_NEAR(meter.is(28, 0.39).value, 8, 1e-9);
  EXPECT_NEAR(meter.is(9, 0.81).value, -1, 1e-9);
  EXPECT_EQ(meter.is(9, 0.55).reason, Reason::not_learned);
  meter.restart();
  EXPECT_NEAR(meter.is(28, 0.39).value, 8, 1e-9);
}

TEST(AtEqualLoad, does_not_follow_a_slow_change) {
  Loaded meter;
  meter.is(20, 0.5, 6h);
  for (int day = 0; day < 30; ++day) meter.is(20 + day, 0.5, 24h);
  EXPECT_NEAR(meter.is(50, 0.5).value, 30, 1e-9);
}

TEST(AtEqualLoad, keeps_within_its_tenths_at_loads_that_cannot_be) {
  Loaded meter;
  for (const double load : {-3.0, 0.0, 1e12}) meter.is(1, load, 6h);
  EXPECT_NEAR(meter.is(2, 1.2).value, 1, 1e-9);
  EXPECT_NEAR(meter.is(2, -1e12).value, 1, 1e-9);
}

TEST(AtEqualLoad, stays_as_new_with_a_state_that_does_not_fit) {
  const auto feature = Loaded::made();
  auto bytes = saved(*feature);
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(restored(*feature, bytes));
}

std::unique_ptr<Feature> steadiness(std::optional<Input> gate = {}) {
  FeatureSettings settings;
  settings.target = target_point;
  settings.every = 1min;
  settings.arguments = {point(power_point, 1s)};
  settings.gate = gate;
  return Registry<Feature>::instance().find("steadiness")->make(std::move(settings));
}

TEST(Steadiness, is_the_standard_deviation_over_the_mean) {
  const auto feature = steadiness();
  for (int i = 0; i < 60; ++i) EXPECT_FALSE(feature->derive(good(power_point, monday + i * 1s, i % 2 == 0 ? 9 : 11)));
  const auto swing = feature->derive(good(power_point, monday + 1min, 10));
  ASSERT_TRUE(swing);
  EXPECT_EQ(swing->time, monday + 1min);
  EXPECT_NEAR(swing->value, 0.1 * std::sqrt(60.0 / 59), 1e-12);
}

TEST(Steadiness, says_nothing_of_too_few_readings_nor_of_a_machine_that_stops) {
  const auto feature = steadiness();
  for (int i = 0; i < 9; ++i) feature->derive(good(power_point, monday + i * 5s, 9));
  EXPECT_EQ(feature->derive(good(power_point, monday + 1min, 10))->reason, Reason::too_few);
  const auto gated = steadiness(Input{state_point, 1s});
  for (int i = 0; i < 60; ++i) {
    gated->derive(i == 30 ? bad(state_point, monday + 30s, Reason::not_running)
                          : good(state_point, monday + i * 1s, 1));
    gated->derive(good(power_point, monday + i * 1s, 9));
  }
  EXPECT_EQ(gated->derive(good(power_point, monday + 1min, 10))->reason, Reason::not_running);
}

std::unique_ptr<Feature> night_minimum(std::shared_ptr<const Zone> zone) {
  FeatureSettings settings;
  settings.target = target_point;
  settings.every = 5min;
  settings.arguments = {point(power_point, 5min)};
  settings.zone = std::move(zone);
  return Registry<Feature>::instance().find("night_minimum")->make(std::move(settings));
}

TEST(NightMinimum, is_what_a_tenth_of_the_nights_readings_lie_below) {
  const auto feature = night_minimum(std::make_shared<const Zone>());
  // 61 readings from 1 to 61 between midnight and five; 100 all day.
  std::optional<Reading> told;
  for (int i = 0; i < 12 * 24; ++i) {
    const auto reading = feature->derive(good(power_point, monday + i * 5min, i < 60 ? i + 1 : 100));
    EXPECT_EQ(reading.has_value(), i == 60);
    if (reading) told = reading;
  }
  EXPECT_EQ(told->value, 6);
  EXPECT_EQ(told->time, monday + 5h);
}

TEST(NightMinimum, keeps_to_the_clock_on_the_wall) {
  const auto feature = night_minimum(std::make_shared<const Zone>(Zone::named("+03:00").value()));
  for (int i = -36; i < 24; ++i) EXPECT_FALSE(feature->derive(good(power_point, monday + i * 5min, 7)));
  EXPECT_EQ(feature->derive(good(power_point, monday + 2h, 100))->value, 7);
}

TEST(NightMinimum, is_bad_after_a_night_with_few_readings) {
  const auto feature = night_minimum(std::make_shared<const Zone>());
  for (int i = 0; i < 20; ++i) feature->derive(good(power_point, monday + i * 5min, 7));
  for (int i = 20; i < 60; ++i) feature->derive(bad(power_point, monday + i * 5min, Reason::timeout));
  EXPECT_EQ(feature->derive(good(power_point, monday + 5h, 7))->reason, Reason::too_few);
}

TEST(NightMinimum, refuses_a_night_that_ends_before_it_begins) {
  EXPECT_THROW(make_feature("night_minimum", {point(power_point, 1min)}, {{"from", 5}, {"to", 3}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace fettle::manipulation
