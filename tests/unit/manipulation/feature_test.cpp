#include "manipulation/feature.hpp"

#include <gtest/gtest.h>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

constexpr PointId first{0};
constexpr PointId second{1};
constexpr PointId run{2};
constexpr PointId target{9};
constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

std::unique_ptr<Feature> make(const char* kind, FeatureSettings&& settings) {
  settings.target = target;
  return Registry<Feature>::instance().find(kind)->make(std::move(settings));
}

std::unique_ptr<Feature> ratio_of_two(Duration slow = 1min) {
  FeatureSettings settings;
  settings.formula.emplace("a / b", std::vector<std::string>{"a", "b"});
  settings.arguments = {{Input{first, 1min}}, {Input{second, slow}}};
  return make("formula", std::move(settings));
}

TEST(FormulaFeature, waits_for_the_slowest_of_its_points) {
  const auto feature = ratio_of_two(5min);
  EXPECT_FALSE(feature->derive(good(first, start, 6)));
  const auto derived = feature->derive(good(second, start + 10s, 2));
  ASSERT_TRUE(derived);
  EXPECT_TRUE(derived->is_good());
  EXPECT_EQ(derived->value, 3);
  EXPECT_EQ(derived->point, target);
  EXPECT_EQ(derived->time, start + 10s);
}

TEST(FormulaFeature, combines_what_is_of_the_same_moment_in_whatever_order_it_comes) {
  const auto feature = ratio_of_two();
  feature->derive(good(second, start, 1));
  feature->derive(good(first, start, 6));
  EXPECT_FALSE(feature->derive(good(second, start + 1min, 2)));
  EXPECT_EQ(feature->derive(good(first, start + 1min, 12))->value, 6);
  EXPECT_FALSE(feature->derive(good(first, start + 2min, 18)));
  EXPECT_EQ(feature->derive(good(second, start + 2min, 3))->value, 6);
}

TEST(FormulaFeature, goes_on_without_a_reading_that_was_missed) {
  const auto feature = ratio_of_two();
  feature->derive(good(first, start, 6));
  EXPECT_TRUE(feature->derive(good(second, start, 2)));
  EXPECT_FALSE(feature->derive(good(second, start + 1min, 2))) << "it may still come";
  EXPECT_EQ(feature->derive(good(second, start + 2min, 3))->value, 2);
}

TEST(FormulaFeature, is_bad_with_the_reason_of_a_bad_point) {
  const auto feature = ratio_of_two();
  feature->derive(bad(first, start, Reason::timeout));
  EXPECT_EQ(feature->derive(good(second, start, 2))->reason, Reason::timeout);
}

TEST(FormulaFeature, does_not_combine_what_is_older_than_two_periods) {
  const auto feature = ratio_of_two();
  feature->derive(good(first, start, 6));
  EXPECT_TRUE(feature->derive(good(second, start + 2min, 2))->is_good());
  EXPECT_EQ(feature->derive(good(second, start + 121s, 2))->reason, Reason::stale);
}

TEST(FormulaFeature, is_bad_where_the_formula_has_no_value) {
  const auto feature = ratio_of_two();
  feature->derive(good(first, start, 6));
  EXPECT_EQ(feature->derive(good(second, start, 0))->reason, Reason::undefined);
}

TEST(FormulaFeature, says_nothing_about_a_machine_at_rest) {
  FeatureSettings settings;
  settings.formula.emplace("a * 2", std::vector<std::string>{"a"});
  settings.arguments = {{Input{first, 1min}}};
  settings.gate = Input{run, 1min};
  const auto feature = make("formula", std::move(settings));
  EXPECT_EQ(feature->derive(good(first, start, 1))->reason, Reason::not_read);
  feature->derive(bad(run, start, Reason::not_running));
  EXPECT_EQ(feature->derive(good(first, start, 1))->reason, Reason::not_running);
  feature->derive(good(run, start, 1));
  EXPECT_EQ(feature->derive(good(first, start, 1))->value, 2);
  EXPECT_EQ(feature->derive(good(first, start + 5min, 1))->reason, Reason::stale);
}

std::unique_ptr<Feature> run_state() {
  FeatureSettings settings;
  settings.formula.emplace("a > 10", std::vector<std::string>{"a"});
  settings.arguments = {{Input{first, 1min}}};
  settings.delay = 5min;
  return make("run_state", std::move(settings));
}

TEST(RunState, is_good_once_the_start_is_over) {
  const auto feature = run_state();
  EXPECT_EQ(feature->derive(good(first, start, 0))->reason, Reason::not_running);
  EXPECT_EQ(feature->derive(good(first, start + 1min, 50))->reason, Reason::starting);
  EXPECT_EQ(feature->derive(good(first, start + 5min, 50))->reason, Reason::starting);
  EXPECT_TRUE(feature->derive(good(first, start + 6min, 50))->is_good());
  EXPECT_EQ(feature->derive(good(first, start + 7min, 0))->reason, Reason::not_running);
  EXPECT_EQ(feature->derive(good(first, start + 8min, 50))->reason, Reason::starting);
}

TEST(RunState, does_not_take_a_lost_reading_for_a_stop) {
  const auto feature = run_state();
  feature->derive(good(first, start, 50));
  EXPECT_EQ(feature->derive(bad(first, start + 6min, Reason::timeout))->reason, Reason::timeout);
  EXPECT_TRUE(feature->derive(good(first, start + 7min, 50))->is_good());
}

std::unique_ptr<Feature> hourly_median(Duration source = 10min) {
  FeatureSettings settings;
  settings.every = 1h;
  settings.arguments = {{Input{first, source}}};
  return make("period_median", std::move(settings));
}

TEST(PeriodMedian, hands_on_the_median_when_the_period_is_over) {
  const auto feature = hourly_median();
  for (const double value : {1.0, 2.0, 900.0}) EXPECT_FALSE(feature->derive(good(first, start + 10min, value)));
  const auto median = feature->derive(good(first, start + 1h, 5));
  ASSERT_TRUE(median);
  EXPECT_TRUE(median->is_good());
  EXPECT_EQ(median->value, 2);
  EXPECT_EQ(median->time, start + 1h);
}

TEST(PeriodMedian, takes_the_middle_of_an_even_number) {
  const auto feature = hourly_median();
  for (const double value : {4.0, 1.0, 2.0, 3.0}) feature->derive(good(first, start, value));
  EXPECT_EQ(feature->derive(good(first, start + 1h, 0))->value, 2.5);
}

TEST(PeriodMedian, is_bad_with_too_few_good_readings_and_says_why_the_others_were_not) {
  const auto feature = hourly_median();
  feature->derive(good(first, start, 1));
  feature->derive(bad(first, start + 10min, Reason::timeout));
  feature->derive(good(first, start + 20min, 1));
  EXPECT_EQ(feature->derive(good(first, start + 1h, 1))->reason, Reason::timeout);
}

TEST(PeriodMedian, gives_one_value_for_a_long_gap_and_none_for_a_clock_set_back) {
  const auto feature = hourly_median(1h);
  feature->derive(good(first, start, 1));
  EXPECT_EQ(feature->derive(good(first, start + 30h, 2))->value, 1);
  EXPECT_FALSE(feature->derive(good(first, start, 3)));
}

TEST(PeriodMedian, keeps_within_its_memory_when_readings_are_many) {
  const auto feature = hourly_median(100ms);
  for (int i = 0; i < 36'000; ++i) feature->derive(good(first, start + i * 100ms, i));
  EXPECT_NEAR(feature->derive(good(first, start + 1h, 0))->value, 18'000, 2'000);
}

}  // namespace
}  // namespace fettle::manipulation
