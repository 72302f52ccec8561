#include "manipulation/feature.hpp"
#include "manipulation/rhythm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

constexpr PointId source{0};
constexpr PointId run{1};
constexpr PointId target{9};
constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

/// Of a point that is due every minute, in periods of ten.
std::unique_ptr<Feature> make(const char* kind, std::map<std::string, double> options = {}, bool gated = false) {
  FeatureSettings settings;
  settings.target = target;
  settings.every = 10min;
  settings.arguments = {{Input{source, 1min}}};
  settings.options = std::move(options);
  if (gated) settings.gate = Input{run, 1min};
  return Registry<Feature>::instance().find(kind)->make(std::move(settings));
}

/// Takes a value every minute from one moment on, so many of them.
void fill(Feature& feature, Duration from, int count, double value) {
  for (int i = 0; i < count; ++i) feature.derive(good(source, start + from + i * 1min, value));
}

TEST(PeriodMean, weighs_each_value_by_the_time_that_it_held) {
  const auto mean = make("period_mean");
  fill(*mean, 0min, 8, 2);                             // 2 from 0:00 to 7:45
  mean->derive(good(source, start + 7min + 45s, 8));   // 8 to 9:30
  mean->derive(good(source, start + 9min + 30s, -4));  // -4 to the end
  const auto result = mean->derive(good(source, start + 11min, 100));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->is_good());
  EXPECT_EQ(result->point, target);
  EXPECT_EQ(result->time, start + 10min);
  EXPECT_DOUBLE_EQ(result->value, (2 * 465 + 8 * 105 - 4 * 30) / 600.0);
}

TEST(PeriodMean, carries_a_value_over_the_end_of_the_period) {
  const auto mean = make("period_mean");
  fill(*mean, 0min, 10, 1);
  mean->derive(good(source, start + 9min + 30s, 5));
  mean->derive(good(source, start + 11min, 1));  // 5 until 11:00
  fill(*mean, 12min, 8, 1);
  EXPECT_DOUBLE_EQ(mean->derive(good(source, start + 20min, 1))->value, (5 * 60 + 1 * 540) / 600.0);
}

TEST(PeriodMean, lets_no_value_hold_for_more_than_three_periods_of_its_point) {
  const auto mean = make("period_mean");
  fill(*mean, 0min, 4, 1);  // the last holds until 6:00
  mean->derive(good(source, start + 8min, 7));
  EXPECT_DOUBLE_EQ(mean->derive(good(source, start + 10min, 7))->value, (1 * 360 + 7 * 120) / 480.0);
}

TEST(PeriodMean, is_bad_where_less_than_half_is_known) {
  const auto mean = make("period_mean");
  fill(*mean, 0min, 2, 1);  // until 4:00
  EXPECT_EQ(mean->derive(good(source, start + 15min, 1))->reason, Reason::too_few);
}

TEST(PeriodMean, leaves_out_what_is_bad_or_doubtful) {
  const auto mean = make("period_mean");
  fill(*mean, 0min, 6, 1);
  auto doubtful = good(source, start + 5min + 30s, 1e6);
  doubtful.quality = Quality::uncertain;
  mean->derive(doubtful);
  mean->derive(bad(source, start + 7min, Reason::timeout));  // nothing known until 8:00
  mean->derive(good(source, start + 8min, 4));
  EXPECT_DOUBLE_EQ(mean->derive(good(source, start + 10min, 4))->value, (1 * 420 + 4 * 120) / 540.0);
}

TEST(PeriodMean, says_nothing_about_a_machine_at_rest) {
  const auto mean = make("period_mean", {}, true);
  for (int i = 0; i < 10; ++i) {
    mean->derive(bad(run, start + i * 1min, Reason::not_running));
    mean->derive(good(source, start + i * 1min, 5));
  }
  EXPECT_EQ(mean->derive(good(source, start + 10min, 5))->reason, Reason::too_few);
}

TEST(PeriodMean, starts_again_when_time_runs_backwards) {
  const auto mean = make("period_mean");
  fill(*mean, 100min, 5, 50);
  fill(*mean, 0min, 10, 3);
  EXPECT_DOUBLE_EQ(mean->derive(good(source, start + 10min, 3))->value, 3);
}

TEST(PeriodMean, equals_the_integral_of_any_series) {
  std::mt19937 random{3};
  const auto mean = make("period_mean");
  double integral = 0, value = 0;
  Time last = start;
  mean->derive(good(source, last, value));
  for (Time now = start; now < start + 24h;) {
    now += 1s * (1 + random() % 150);
    const auto end = std::chrono::floor<std::chrono::minutes>(last.time_since_epoch() / 10) * 10 + 10min;
    const auto next = static_cast<double>(random() % 100);
    const auto result = mean->derive(good(source, now, next));
    if (now >= Time{end}) {
      integral += value * static_cast<double>((Time{end} - last).count());
      ASSERT_TRUE(result);
      EXPECT_NEAR(result->value, integral / 600'000, 1e-9);
      integral = value * static_cast<double>((now - Time{end}).count());
    } else {
      integral += value * static_cast<double>((now - last).count());
    }
    last = now;
    value = next;
  }
}

TEST(PeriodMax, and_min_are_the_extremes_of_what_held) {
  for (const auto& [kind, expected] : {std::pair{"period_max", 9.0}, std::pair{"period_min", -3.0}}) {
    const auto extreme = make(kind);
    fill(*extreme, 0min, 8, 1);
    extreme->derive(good(source, start + 8min, 9));
    extreme->derive(good(source, start + 9min, -3));
    EXPECT_EQ(extreme->derive(good(source, start + 10min, 100))->value, expected);
  }
}

TEST(PeriodRate, is_the_mean_power_of_an_energy_counter) {
  const auto rate = make("period_rate");
  for (int i = 0; i <= 9; ++i) rate->derive(good(source, start + i * 1min, 100 + i * 0.5));
  const auto power = rate->derive(good(source, start + 10min, 105));
  ASSERT_TRUE(power);
  EXPECT_EQ(power->time, start + 10min);
  EXPECT_NEAR(power->value, 30, 1e-9) << "0.5 kWh a minute";
}

TEST(PeriodRate, counts_on_where_readings_were_missed) {
  const auto rate = make("period_rate");
  rate->derive(good(source, start, 100));
  rate->derive(bad(source, start + 2min, Reason::timeout));
  rate->derive(good(source, start + 9min, 103));
  EXPECT_NEAR(rate->derive(good(source, start + 10min, 104))->value, 20, 1e-9);
}

TEST(PeriodRate, follows_a_counter_over_its_end_and_a_new_meter) {
  const auto wrapping = make("period_rate", {{"wraps_at", 1000}});
  for (int i = 0; i <= 9; ++i) wrapping->derive(good(source, start + i * 1min, std::fmod(995 + i, 1000)));
  EXPECT_NEAR(wrapping->derive(good(source, start + 10min, 5))->value, 60, 1e-9);
  const auto replaced = make("period_rate");
  for (int i = 0; i <= 4; ++i) replaced->derive(good(source, start + i * 1min, 500 + i));
  for (int i = 5; i <= 9; ++i) replaced->derive(good(source, start + i * 1min, i));
  EXPECT_NEAR(replaced->derive(good(source, start + 10min, 10))->value, 8 * 60 / 9.0, 1e-9)
      << "the minute in which the meters were changed counts nothing";
}

TEST(PeriodRate, does_not_spread_a_long_gap_over_a_period) {
  const auto rate = make("period_rate");
  rate->derive(good(source, start, 0));
  rate->derive(good(source, start + 9min, 9));
  EXPECT_NEAR(rate->derive(good(source, start + 3h + 1min, 1000))->value, 60, 1e-9);
  rate->derive(good(source, start + 3h + 9min, 1008));
  EXPECT_NEAR(rate->derive(good(source, start + 3h + 10min, 1009))->value, 60, 1e-9);
}

TEST(PeriodRate, is_bad_where_less_than_half_is_known) {
  const auto rate = make("period_rate");
  rate->derive(good(source, start + 7min, 0));
  rate->derive(good(source, start + 9min, 1));
  EXPECT_EQ(rate->derive(good(source, start + 10min, 2))->reason, Reason::too_few);
}

TEST(PeriodRate, knows_what_it_can_be_told) { EXPECT_THROW(make("period_rate", {{"wrap", 5}}), std::invalid_argument); }

TEST(Rhythm, is_that_of_what_the_quantity_does) {
  EXPECT_EQ(rhythm_of(Quantity::active_power), 1min);
  EXPECT_EQ(rhythm_of(Quantity::temperature), 5min);
  for (const auto& each : all_quantities()) {
    EXPECT_GE(rhythm_of(each.quantity), 1min);
    EXPECT_EQ(1h % rhythm_of(each.quantity), 0ms) << "whole periods in an hour";
  }
}

}  // namespace
}  // namespace fettle::manipulation
