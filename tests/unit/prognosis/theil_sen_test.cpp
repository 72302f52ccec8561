#include "core/registry.hpp"
#include "support/forecast_trial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>
#include <cmath>
#include <random>

namespace fettle::prognosis {
namespace {

using std::chrono::hours;
using test::LifePlan;
using test::WearLaw;

const Time begin{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

std::unique_ptr<Forecaster> make(Duration every, Duration horizon = hours{24 * 365 * 20}) {
  return Registry<Forecaster>::instance().find("theil_sen")->make({"PUMP-01/bearing-wear/vibration", every, horizon});
}

ModeHealth health_at(Time time, double index) {
  ModeHealth health;
  health.asset = AssetId{7};
  health.mode = ModeId{2};
  health.time = time;
  health.index = index;
  return health;
}

/// A small deterministic wiggle, as every real index has.
double wiggle(int update) { return 0.01 * ((update * 7) % 5 - 2); }

double line(int update, int flat, int wear) {
  return std::clamp((update - flat) / static_cast<double>(wear), 0.0, 1.2) + std::abs(wiggle(update));
}

double exponential(int update, int flat, int wear) {
  return update < flat ? std::abs(wiggle(update)) : std::min(1.2, 0.03 * std::exp(3.5 * (update - flat) / wear));
}

/// The last prognosis after `count` updates.
template <class Path>
std::optional<Prognosis> last_prognosis(Forecaster& forecaster, Duration every, int count, Path path) {
  std::optional<Prognosis> result;
  for (int update = 0; update < count; ++update)
    result = forecaster.follow(health_at(begin + update * every, path(update)));
  return result;
}

Bytes saved(const Forecaster& forecaster) {
  StateWriter writer;
  forecaster.save(writer);
  return writer.take();
}

TEST(TheilSen, is_found_by_its_name) { ASSERT_NE(Registry<Forecaster>::instance().find("theil_sen"), nullptr); }

TEST(TheilSen, foresees_the_end_of_a_straight_rise_after_a_long_healthy_time) {
  const auto forecaster = make(hours{6});
  const auto prognosis = last_prognosis(*forecaster, hours{6}, 2000 + 120, [](int at) { return line(at, 2000, 240); });
  ASSERT_TRUE(prognosis);
  const double actual = 6.0 * (240 - 119);
  EXPECT_NEAR(to_hours(prognosis->mid - prognosis->made), actual, 0.25 * actual);
  EXPECT_LT(prognosis->low, prognosis->mid);
  EXPECT_GT(prognosis->high.value(), prognosis->mid);
}

TEST(TheilSen, foresees_a_failure_within_two_days_of_hourly_updates) {
  const auto forecaster = make(hours{1});
  const auto prognosis = last_prognosis(*forecaster, hours{1}, 500 + 30, [](int at) { return line(at, 500, 48); });
  ASSERT_TRUE(prognosis);
  const double actual = 48 - 29;
  EXPECT_NEAR(to_hours(prognosis->mid - prognosis->made), actual, 0.25 * actual);
}

TEST(TheilSen, foresees_the_end_of_an_exponential_rise) {
  const auto forecaster = make(hours{6});
  const auto prognosis =
      last_prognosis(*forecaster, hours{6}, 600 + 180, [](int at) { return exponential(at, 600, 240); });
  ASSERT_TRUE(prognosis);
  const double actual = 6.0 * (240 - 179);
  EXPECT_NEAR(to_hours(prognosis->mid - prognosis->made), actual, 0.35 * actual);
}

TEST(TheilSen, foresees_the_end_of_an_exponential_rise_of_a_machine_that_is_never_at_zero) {
  const auto forecaster = make(hours{6});
  const auto prognosis =
      last_prognosis(*forecaster, hours{6}, 600 + 180, [](int at) { return 0.25 + 0.75 * exponential(at, 600, 240); });
  ASSERT_TRUE(prognosis);
  const double actual = 6.0 * (240 - 179);
  EXPECT_NEAR(to_hours(prognosis->mid - prognosis->made), actual, 0.6 * actual);
  EXPECT_LT(to_hours(prognosis->low - prognosis->made), actual);
}

TEST(TheilSen, names_the_mode_and_what_its_interval_promises) {
  const auto forecaster = make(hours{6});
  const auto prognosis = last_prognosis(*forecaster, hours{6}, 500 + 120, [](int at) { return line(at, 500, 240); });
  ASSERT_TRUE(prognosis);
  EXPECT_EQ(prognosis->asset, AssetId{7});
  EXPECT_EQ(prognosis->mode, ModeId{2});
  EXPECT_EQ(prognosis->made, begin + 619 * hours{6});
  EXPECT_DOUBLE_EQ(prognosis->level, 0.8);
  EXPECT_GE(prognosis->confidence, 0.8);
  EXPECT_LE(prognosis->confidence, 0.95);
}

TEST(TheilSen, gives_a_machine_that_runs_beyond_its_limit_a_tenth_of_its_life_at_most) {
  const auto forecaster = make(hours{6});
  const auto prognosis = last_prognosis(*forecaster, hours{6}, 500 + 250, [](int at) { return line(at, 500, 240); });
  ASSERT_TRUE(prognosis);
  EXPECT_LT(prognosis->low, prognosis->made + 10 * hours{6});
  EXPECT_LT(prognosis->mid, prognosis->made + 24 * hours{6});
}

TEST(TheilSen, says_now_where_a_machine_stands_beyond_its_limit_and_rises_no_more) {
  const auto forecaster = make(hours{6});
  const auto prognosis =
      last_prognosis(*forecaster, hours{6}, 500 + 1500, [](int at) { return std::min(line(at, 500, 240), 1.1); });
  ASSERT_TRUE(prognosis);
  EXPECT_EQ(prognosis->low, prognosis->made);
  EXPECT_EQ(prognosis->mid, prognosis->made);
}

TEST(TheilSen, knows_that_not_every_machine_fails_exactly_at_its_limit) {
  const auto until = [](int wear) {
    return last_prognosis(*make(hours{6}), hours{6}, 500 + wear, [](int at) { return line(at, 500, 240); });
  };
  const auto before = until(220);
  ASSERT_TRUE(before);
  EXPECT_LT(before->low, before->made + 10 * hours{6});
  const auto beyond = until(250);
  ASSERT_TRUE(beyond);
  EXPECT_GT(beyond->high.value(), beyond->made + 30 * hours{6});
}

TEST(TheilSen, ignores_a_single_update_beyond_the_limit) {
  const auto forecaster = make(hours{6});
  const auto prognosis =
      last_prognosis(*forecaster, hours{6}, 400, [](int at) { return at == 399 ? 1.2 : wiggle(at) + 0.02; });
  EXPECT_FALSE(prognosis);
}

TEST(TheilSen, stays_silent_after_a_step_that_goes_no_further) {
  const auto forecaster = make(hours{1});
  int given = 0;
  for (int update = 0; update < 1200; ++update) {
    const double index = (update < 300 ? 0.02 : 0.5) + wiggle(update);
    given += static_cast<int>(forecaster->follow(health_at(begin + update * hours{1}, index)).has_value());
  }
  EXPECT_EQ(given, 0);
}

TEST(TheilSen, starts_again_after_a_repair) {
  const auto forecaster = make(hours{6});
  int after_repair = 0;
  for (int update = 0; update < 1000; ++update) {
    const bool repaired = update >= 700;
    const double index = repaired ? std::abs(wiggle(update)) : line(update, 500, 240);
    const auto prognosis = forecaster->follow(health_at(begin + update * hours{6}, index));
    after_repair += static_cast<int>(repaired && prognosis);
  }
  EXPECT_LE(after_repair, 4);
  const auto again = last_prognosis(*forecaster, hours{6}, 0, wiggle);
  EXPECT_FALSE(again);
}

TEST(TheilSen, leaves_out_a_forecast_far_beyond_the_horizon) {
  const auto near = make(hours{24}, hours{24});
  EXPECT_FALSE(last_prognosis(*near, hours{24}, 400 + 120, [](int at) { return line(at, 400, 300); }));
  const auto far = make(hours{24}, hours{24 * 90});
  EXPECT_TRUE(last_prognosis(*far, hours{24}, 400 + 120, [](int at) { return line(at, 400, 300); }));
}

TEST(TheilSen, leaves_its_interval_open_above_when_that_is_far_beyond_the_horizon) {
  const auto forecaster = make(hours{24}, hours{24 * 50});
  const auto prognosis = last_prognosis(*forecaster, hours{24}, 400 + 150, [](int at) { return line(at, 400, 300); });
  ASSERT_TRUE(prognosis);
  EXPECT_FALSE(prognosis->high);
}

TEST(TheilSen, passes_over_updates_without_a_number_or_out_of_order) {
  const auto forecaster = make(hours{6});
  last_prognosis(*forecaster, hours{6}, 100, wiggle);
  const auto before = saved(*forecaster);
  EXPECT_FALSE(forecaster->follow(health_at(begin + 200 * hours{6}, std::nan(""))));
  EXPECT_FALSE(forecaster->follow(health_at(begin + 98 * hours{6}, 0.9)));
  EXPECT_EQ(saved(*forecaster), before);
}

TEST(TheilSen, begins_anew_when_the_clock_was_set_back_by_days) {
  const auto forecaster = make(hours{6});
  last_prognosis(*forecaster, hours{6}, 100, wiggle);
  forecaster->follow(health_at(begin, 0.1));
  const auto fresh = make(hours{6});
  fresh->follow(health_at(begin, 0.1));
  EXPECT_EQ(saved(*forecaster), saved(*fresh));
}

TEST(TheilSen, goes_on_as_before_after_save_and_restore) {
  std::mt19937_64 random{5};
  for (const std::size_t stop : {10U, 300U, 700U}) {
    const auto plan =
        LifePlan{WearLaw::power, hours{6}, hours{6 * 500}, hours{6 * 300}, {.white = 0.03, .daily = 0.03}};
    const auto life = test::simulate(plan, random);
    const auto one = make(hours{6});
    for (std::size_t at = 0; at < stop; ++at)
      one->follow(health_at(life.updates.at(at).time, life.updates.at(at).index));
    const auto blob = saved(*one);
    const auto other = make(hours{6});
    StateReader reader{blob};
    ASSERT_TRUE(other->restore(reader));
    for (std::size_t at = stop; at < life.updates.size(); ++at) {
      const auto health = health_at(life.updates[at].time, life.updates[at].index);
      const auto expected = one->follow(health);
      const auto got = other->follow(health);
      ASSERT_EQ(expected.has_value(), got.has_value());
      if (!expected) continue;
      ASSERT_EQ(expected->mid, got->mid);
      ASSERT_EQ(expected->low, got->low);
      ASSERT_EQ(expected->confidence, got->confidence);
    }
    EXPECT_EQ(saved(*one), saved(*other));
  }
}

TEST(TheilSen, is_as_new_after_a_state_that_does_not_fit) {
  const auto one = make(hours{6});
  last_prognosis(*one, hours{6}, 300, wiggle);
  auto blob = saved(*one);
  blob.pop_back();
  const auto other = make(hours{6});
  StateReader reader{blob};
  EXPECT_FALSE(other->restore(reader));
  EXPECT_EQ(saved(*other), saved(*make(hours{6})));
}

TEST(TheilSen, keeps_less_than_1200_bytes_and_names_its_state) {
  const auto forecaster = make(hours{6});
  EXPECT_LE(saved(*forecaster).size(), 1200U);
  EXPECT_EQ(forecaster->state_id(), "PUMP-01/bearing-wear/vibration/theil_sen");
  EXPECT_NE(forecaster->settings_hash(), make(hours{1})->settings_hash());
}

/// Lives that the table in the forecaster was not made from.
TEST(TheilSen, holds_its_interval_for_about_80_percent_over_all_laws_of_wear) {
  std::mt19937_64 random{4711};
  double held = 0;
  double count = 0;
  int announced = 0;
  int lives = 0;
  for (const auto law : test::wear_laws) {
    for (int life = 0; life < 30; ++life, ++lives) {
      const auto plan = test::random_plan(law, random);
      const auto simulated = test::simulate(plan, random);
      const auto forecasts = test::thinned(test::forecasts_of(*make(plan.every), simulated), 20);
      announced += static_cast<int>(!forecasts.empty());
      for (const auto& each : forecasts) {
        held += static_cast<double>(each.holds());
        count += 1;
      }
    }
  }
  EXPECT_GE(announced, lives * 95 / 100);
  EXPECT_GE(held / count, 0.70);
  EXPECT_LE(held / count, 0.92);
}

struct Calm {
  const char* name;
  int every;
  test::Disturbance disturbance;
};

class WithoutWear : public testing::TestWithParam<Calm> {};

/// None in 204 asset-months: by the rule of three, with 95 % certainty less than one in 68 months of each kind.
TEST_P(WithoutWear, no_prognosis_is_given_in_204_asset_months) {
  std::mt19937_64 random{99};
  const Duration every = hours{GetParam().every};
  for (int asset = 0; asset < 17; ++asset) {
    const LifePlan plan{WearLaw::none, every, hours{24 * 365}, every, GetParam().disturbance};
    EXPECT_THAT(test::forecasts_of(*make(every), test::simulate(plan, random)), testing::IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    TheilSen, WithoutWear,
    testing::Values(Calm{"white_hourly", 1, {.white = 0.1, .outliers = 0.01, .dropouts = 0.02}},
                    Calm{"white_daily", 24, {.white = 0.1, .outliers = 0.01, .dropouts = 0.02}},
                    Calm{"slow_hourly", 1, {.slow = 0.1, .outliers = 0.01}},
                    Calm{"slow_six_hourly", 6, {.slow = 0.05, .outliers = 0.01}},
                    Calm{"ripple_hourly", 1, {.white = 0.05, .daily = 0.1, .outliers = 0.01, .nights_off = true}},
                    Calm{"ripple_six_hourly", 6, {.white = 0.05, .daily = 0.06, .weekly = 0.06, .weekends_off = true}},
                    Calm{"baseline_learned_wrong", 6, {.white = 0.05, .daily = 0.06, .offset = 0.15}}),
    [](const auto& calm) { return std::string{calm.param.name}; });

}  // namespace
}  // namespace fettle::prognosis
