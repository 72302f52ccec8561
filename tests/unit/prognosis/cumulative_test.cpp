#include "core/registry.hpp"
#include "prognosis/forecaster.hpp"
#include "support/forecast_trial.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <random>

namespace fettle::prognosis {
namespace {

using std::chrono::hours;

const Time begin{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

std::unique_ptr<Forecaster> make(const char* name, Duration horizon = hours{24 * 365}) {
  return Registry<Forecaster>::instance().find(name)->make({"CH-01/contactor/wear", hours{6}, horizon});
}

std::optional<Prognosis> told(Forecaster& forecaster, int update, double index) {
  ModeHealth health;
  health.time = begin + update * hours{6};
  health.index = index;
  return forecaster.follow(health);
}

/// Days of work after which the counter stands where `update` finds it, with rest on Saturdays and Sundays.
double workdays(int update) {
  const int days = update / 4;
  return days / 7 * 5 + std::min(days % 7, 5) + (days % 7 < 5 ? update % 4 / 4.0 : 0);
}

/// The last prognosis of a part whose index grows by `per_workday`.
std::optional<Prognosis> after(Forecaster& forecaster, int updates, double first, double per_workday) {
  std::optional<Prognosis> last;
  for (int update = 0; update < updates; ++update)
    last = told(forecaster, update, first + per_workday * workdays(update));
  return last;
}

TEST(Cumulative, speaks_within_three_days_of_a_part_that_is_half_used) {
  const auto forecaster = make("cumulative");
  const auto prognosis = after(*forecaster, 12, 0.5, 0.01);
  ASSERT_TRUE(prognosis);
  EXPECT_NEAR(to_hours(prognosis->mid - prognosis->made), 50 * 24, 0.1 * 50 * 24);
  EXPECT_LT(prognosis->low, prognosis->mid - hours{24 * 20});
}

TEST(Cumulative, counts_days_of_rest_once_it_has_seen_a_week) {
  const auto forecaster = make("cumulative");
  const auto prognosis = after(*forecaster, 4 * 7 * 9, 0.3, 0.01);
  ASSERT_TRUE(prognosis);
  const double left = (0.7 - 0.01 * workdays(4 * 7 * 9 - 1)) / 0.01 * 7 / 5 * 24;
  EXPECT_NEAR(to_hours(prognosis->mid - prognosis->made), left, 0.1 * left);
  EXPECT_GT(prognosis->low, prognosis->made);
  ASSERT_TRUE(prognosis->high);
}

TEST(Cumulative, follows_a_change_of_duty_within_weeks) {
  const auto forecaster = make("cumulative");
  std::optional<Prognosis> last;
  double index = 0.2;
  for (int update = 0; update < 4 * 7 * 24; ++update)
    last = told(*forecaster, update, index += update < 4 * 7 * 12 ? 0.0002 : 0.001);
  ASSERT_TRUE(last);
  const double left = (1 - index) / 0.001 * 6;
  EXPECT_NEAR(to_hours(last->mid - last->made), left, 0.15 * left);
}

TEST(Cumulative, is_silent_about_a_new_part_and_one_that_stands_still) {
  const auto fresh = make("cumulative");
  EXPECT_FALSE(after(*fresh, 60, 0.01, 0.01));
  const auto still = make("cumulative");
  EXPECT_FALSE(after(*still, 400, 0.6, 0));
}

TEST(Cumulative, says_nothing_more_once_a_part_stands_still) {
  const auto forecaster = make("cumulative");
  std::optional<Prognosis> last;
  for (int update = 0; update < 1000; ++update) last = told(*forecaster, update, std::min(0.6, 0.3 + 0.002 * update));
  EXPECT_FALSE(last);
}

TEST(Cumulative, starts_again_with_a_new_part) {
  const auto forecaster = make("cumulative");
  ASSERT_TRUE(after(*forecaster, 200, 0.4, 0.01));
  EXPECT_FALSE(told(*forecaster, 201, 0));
  EXPECT_FALSE(told(*forecaster, 202, 0.001));
}

TEST(Cumulative, says_now_at_the_limit) {
  const auto forecaster = make("cumulative");
  std::optional<Prognosis> last;
  for (int update = 0; update < 300; ++update) last = told(*forecaster, update, std::min(1.2, 0.5 + 0.002 * update));
  ASSERT_TRUE(last);
  EXPECT_EQ(last->mid, last->made);
  EXPECT_EQ(last->high, last->made + hours{6});
}

TEST(Cumulative, passes_over_what_has_no_number_or_comes_late) {
  const auto forecaster = make("cumulative");
  after(*forecaster, 100, 0.4, 0.01);
  StateWriter before;
  forecaster->save(before);
  EXPECT_FALSE(told(*forecaster, 200, std::nan("")));
  EXPECT_FALSE(told(*forecaster, 97, 0.9));
  StateWriter now;
  forecaster->save(now);
  EXPECT_EQ(now.take(), before.take());
}

TEST(Cumulative, goes_on_as_before_after_save_and_restore) {
  const auto one = make("cumulative");
  after(*one, 150, 0.3, 0.01);
  StateWriter writer;
  one->save(writer);
  const auto blob = writer.take();
  EXPECT_LE(blob.size(), 1200U);
  const auto other = make("cumulative");
  StateReader reader{blob};
  ASSERT_TRUE(other->restore(reader));
  for (int update = 150; update < 200; ++update) {
    const double index = 0.3 + 0.01 * workdays(update);
    const auto expected = told(*one, update, index);
    const auto got = told(*other, update, index);
    ASSERT_TRUE(expected && got);
    EXPECT_EQ(expected->mid, got->mid);
    EXPECT_EQ(expected->low, got->low);
  }
  const auto third = make("cumulative");
  StateReader cut{std::span{blob}.first(blob.size() - 1)};
  EXPECT_FALSE(third->restore(cut));
}

/// Weeks of work that differ as they do in real buildings: nothing here was used to choose the constants.
TEST(Cumulative, holds_its_interval_in_most_of_100_simulated_lives) {
  std::mt19937_64 random{31};
  int held = 0;
  int given = 0;
  for (int life = 0; life < 100; ++life) {
    const double daily = std::uniform_real_distribution<double>{0.002, 0.01}(random);
    std::lognormal_distribution<double> weekly{0, 0.3};
    std::vector<double> course;
    double pace = daily;
    for (double index = 0.05; index < 1; index += pace / 4) {
      if (course.size() % 28 == 0) pace = daily * weekly(random);
      course.push_back(index);
    }
    const auto forecaster = make("cumulative", hours{24 * 365 * 10});
    const auto failure = begin + static_cast<int>(course.size()) * hours{6};
    for (std::size_t at = 0; at < course.size(); ++at) {
      const auto prognosis = told(*forecaster, static_cast<int>(at), course[at]);
      if (!prognosis || at % 28 != 13) continue;
      ++given;
      held += static_cast<int>(prognosis->low <= failure && (!prognosis->high || failure <= *prognosis->high));
    }
  }
  EXPECT_GT(given, 1000);
  EXPECT_GE(held, 0.75 * given);
  EXPECT_LE(held, 0.97 * given);
}

TEST(None, never_says_anything_and_has_nothing_to_remember) {
  const auto forecaster = make("none");
  EXPECT_FALSE(after(*forecaster, 300, 0, 0.02));
  StateWriter writer;
  forecaster->save(writer);
  const auto blob = writer.take();
  EXPECT_TRUE(blob.empty());
  StateReader reader{blob};
  EXPECT_TRUE(forecaster->restore(reader));
  EXPECT_EQ(forecaster->state_id(), "CH-01/contactor/wear/none");
}

}  // namespace
}  // namespace fettle::prognosis
