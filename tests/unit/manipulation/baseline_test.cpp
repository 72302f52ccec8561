#include "manipulation/baseline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>
#include <random>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

constexpr PointId value{0}, first{1}, second{2}, run{5}, target{9};
constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

FeatureSettings settings_of(std::vector<Argument> arguments, Duration every) {
  FeatureSettings settings;
  settings.target = target;
  settings.every = every;
  settings.arguments = std::move(arguments);
  settings.id = "ASSET/excess";
  return settings;
}

std::unique_ptr<Feature> make(const char* kind, FeatureSettings settings) {
  return Registry<Feature>::instance().find(kind)->make(std::move(settings));
}

/// The argument of what a feature cannot be made of.
std::string mistake_of(const char* kind, FeatureSettings settings) {
  try {
    make(kind, std::move(settings));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

FeatureSettings fan() { return settings_of({{Input{value, 15min}}, {Input{first, 15min}}}, 15min); }

/// A fan whose power is an offset and a cube, with its speed wandering over the day.
class Fan {
 public:
  explicit Fan(unsigned seed, FeatureSettings settings = fan())
      : chance_{seed}, feature_{make("affinity_residual", std::move(settings))} {}

  /// Residuals of so many days at so much of its healthy power.
  std::vector<Reading> live(int days, double health = 1) {
    std::vector<Reading> result;
    for (const auto end = now_ + Days{days}; now_ < end; now_ += 15min) {
      const double speed = 0.7 + 0.25 * std::sin(to_hours(now_ - start) * 0.7) + 0.02 * normal_(chance_);
      const double power = health * (0.4 + 5 * speed * speed * speed) * (1 + 0.02 * normal_(chance_));
      feature_->derive(good(first, now_, speed));
      const auto reading = feature_->derive(good(value, now_ + 1s, power));
      const auto other = feature_->derive(good(first, now_ + 15min, speed));
      if (reading) result.push_back(*reading);
      if (other) result.push_back(*other);
    }
    return result;
  }
  Feature& feature() { return *feature_; }

 private:
  std::mt19937 chance_;
  std::normal_distribution<double> normal_;
  std::unique_ptr<Feature> feature_;
  Time now_ = start;
};

double mean_of(const std::vector<Reading>& readings) {
  double sum = 0, count = 0;
  for (const auto& each : readings) {
    if (each.is_good()) sum += each.value, ++count;
  }
  return count > 0 ? sum / count : std::nan("");
}

std::size_t good_ones(const std::vector<Reading>& readings) {
  return static_cast<std::size_t>(
      std::count_if(readings.begin(), readings.end(), [](const auto& each) { return each.is_good(); }));
}

class SeededFan : public ::testing::TestWithParam<unsigned> {};

TEST_P(SeededFan, has_no_residual_once_it_has_learned_and_none_before) {
  Fan machine{GetParam()};
  EXPECT_EQ(good_ones(machine.live(7)), 0U);
  machine.live(7);
  const auto residuals = machine.live(14);
  EXPECT_GT(good_ones(residuals), residuals.size() * 9 / 10);
  EXPECT_NEAR(mean_of(residuals), 0, 0.02);
}

TEST_P(SeededFan, shows_a_step_for_weeks) {
  auto settings = fan();
  settings.options["relative"] = 1;
  Fan machine{GetParam(), settings};
  machine.live(28);
  EXPECT_NEAR(mean_of(machine.live(7, 0.85)), -0.15, 0.03);
  machine.live(42, 0.85);
  EXPECT_NEAR(mean_of(machine.live(7, 0.85)), -0.15, 0.04);
}

TEST_P(SeededFan, shows_the_whole_of_a_slow_loss) {
  auto settings = fan();
  settings.options["relative"] = 1;
  Fan machine{GetParam(), settings};
  machine.live(28);
  for (int week = 0; week < 12; ++week) machine.live(7, 1 - 0.0125 * week);
  EXPECT_NEAR(mean_of(machine.live(7, 0.85)), -0.15, 0.02);
}

TEST_P(SeededFan, goes_on_after_a_restart_to_the_bit) {
  Fan machine{GetParam()}, same{GetParam()};
  machine.live(20);
  same.live(20);
  auto* const memory = machine.feature().memory();
  StateWriter writer;
  memory->save(writer);
  const auto bytes = writer.take();
  StateReader reader{bytes};
  ASSERT_TRUE(machine.feature().memory()->restore(reader));
  const auto one = machine.live(3), other = same.live(3);
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i)
    EXPECT_EQ(std::isnan(one[i].value) ? 0 : one[i].value, std::isnan(other[i].value) ? 0 : other[i].value);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SeededFan, ::testing::Range(1U, 5U));

TEST(BaselineResidual, drops_what_was_learned_with_other_settings) {
  auto other = fan();
  other.options["half_life_days"] = 90;
  EXPECT_NE(make("affinity_residual", fan())->memory()->settings_hash(),
            make("affinity_residual", other)->memory()->settings_hash());
  auto abroad = fan();
  abroad.zone = std::make_shared<const Zone>(*Zone::named("+02:00"));
  EXPECT_NE(make("affinity_residual", fan())->memory()->settings_hash(),
            make("affinity_residual", abroad)->memory()->settings_hash());
  auto another = fan();
  another.meaning = 7;
  EXPECT_NE(make("affinity_residual", fan())->memory()->settings_hash(),
            make("affinity_residual", another)->memory()->settings_hash());
}

TEST(BaselineResidual, refuses_a_cut_state) {
  Fan machine{1};
  machine.live(10);
  StateWriter writer;
  machine.feature().memory()->save(writer);
  const auto bytes = writer.take();
  for (std::size_t length = 0; length < bytes.size(); length += 8) {
    StateReader reader{std::span{bytes}.first(length)};
    EXPECT_FALSE(make("affinity_residual", fan())->memory()->restore(reader)) << length;
  }
}

TEST(BaselineResidual, gives_no_nan_whatever_comes) {
  std::mt19937 chance{11};
  std::uniform_int_distribution<int> kind{0, 7};
  auto settings = fan();
  settings.options["relative"] = 1;
  const auto feature = make("affinity_residual", settings);
  Time now = start;
  for (int i = 0; i < 20'000; ++i) {
    now += kind(chance) == 0 ? -1h : 15min;
    const std::array<double, 8> values{1, 2, 0, -1e12, 1e12, std::nan(""), HUGE_VAL, 3};
    const PointId point = kind(chance) % 2 == 0 ? value : first;
    const auto reading = feature->derive(good(point, now, values.at(static_cast<std::size_t>(kind(chance)))));
    ASSERT_TRUE(!reading || !reading->is_good() || std::isfinite(reading->value));
  }
}

TEST(BaselineResidual, says_what_it_can_be_made_of) {
  EXPECT_THAT(mistake_of("affinity_residual", settings_of({{Input{value, 1min}}}, 15min)),
              testing::HasSubstr("of: [power, speed]"));
  EXPECT_THAT(mistake_of("towt_residual", settings_of({{Input{value, 1min}}}, 1min)), testing::HasSubstr("every: 1h"));
  auto typo = fan();
  typo.options["half_live_days"] = 1;
  EXPECT_THAT(mistake_of("affinity_residual", typo), testing::HasSubstr("no option \"half_live_days\""));
  auto far = fan();
  far.options["half_life_days"] = 1;
  EXPECT_THAT(mistake_of("affinity_residual", far), testing::HasSubstr("from 7 to 3650"));
}

/// A chiller's efficiency: falls with the lift, rises with the load, the more the smaller the lift.
TEST(CopResidual, knows_lift_and_load_and_says_nothing_of_conditions_that_it_has_not_met) {
  const auto feature =
      make("cop_residual", settings_of({{Input{value, 15min}}, {Input{first, 15min}}, {Input{second, 15min}}}, 15min));
  std::mt19937 chance{5};
  std::uniform_real_distribution<double> lift{18, 28}, load{0.3, 0.9};
  std::vector<Reading> residuals;
  Time now = start;
  const auto run_at = [&](double by_lift, double by_load) {
    const double cop = 9 - 0.15 * by_lift + 2 * by_load - 0.03 * by_lift * by_load;
    feature->derive(good(first, now, by_lift));
    feature->derive(good(second, now, by_load));
    feature->derive(good(value, now, cop));
    now += 15min;
    return feature->derive(bad(first, now, Reason::timeout));
  };
  for (int i = 0; i < 14 * 96; ++i) residuals.push_back(*run_at(lift(chance), load(chance)));
  EXPECT_EQ(residuals.front().reason, Reason::not_learned);
  EXPECT_NEAR(residuals.back().value, 0, 0.01);
  EXPECT_EQ(run_at(60, 0.1)->reason, Reason::not_learned);
}

std::unique_ptr<Feature> siblings() {
  std::vector<Argument> arguments;
  for (std::uint32_t i = 0; i < 5; ++i) arguments.push_back({Input{PointId{i}, 1min}});
  return make("sibling_difference", settings_of(std::move(arguments), 1min));
}

TEST(SiblingDifference, is_the_distance_from_the_median_of_the_others) {
  const auto feature = siblings();
  for (std::uint32_t i = 1; i < 5; ++i) feature->derive(good(PointId{i}, start, i == 4 ? 900.0 : 10.0 * i));
  EXPECT_EQ(feature->derive(good(PointId{0}, start, 40))->value, 40 - 25);
}

TEST(SiblingDifference, needs_three_fresh_and_good_siblings) {
  const auto feature = siblings();
  feature->derive(good(PointId{1}, start, 1));
  feature->derive(good(PointId{2}, start, 1));
  feature->derive(bad(PointId{3}, start, Reason::timeout));
  EXPECT_EQ(feature->derive(good(PointId{0}, start, 4))->reason, Reason::too_few);
  feature->derive(good(PointId{3}, start, 1));
  EXPECT_EQ(feature->derive(good(PointId{0}, start, 4))->value, 3);
  EXPECT_EQ(feature->derive(good(PointId{0}, start + 121s, 4))->reason, Reason::too_few);
  EXPECT_EQ(feature->derive(bad(PointId{0}, start, Reason::stuck))->reason, Reason::stuck);
}

/// Scores of days with these residuals of a mean power of 100.
std::vector<Reading> scores_of(const std::vector<double>& residuals) {
  auto settings = settings_of({{Input{value, 1h}}, {Input{first, 1h}}}, Days{1});
  const auto feature = make("waste_score", std::move(settings));
  std::vector<Reading> scores;
  Time now = start;
  for (const double residual : residuals) {
    for (int hour = 0; hour < 24; ++hour, now += 1h) {
      if (const auto score = feature->derive(good(value, now, residual))) scores.push_back(*score);
      feature->derive(good(first, now, 100));
    }
  }
  return scores;
}

TEST(WasteScore, is_a_tabular_cusum_by_hand) {
  // Three weeks of +-2: the median distance is 2, so sigma is 2.9652. A day of 9 counts 6, since 3 are not material: 6 / 2.9652 - 0.5.
  std::vector<double> days;
  for (int i = 0; i < 21; ++i) days.push_back(i % 2 == 0 ? 2 : -2);
  for (const double day : {9.0, 9.0, 0.0, 0.0}) days.push_back(day);
  const auto scores = scores_of(days);
  EXPECT_EQ(scores.at(20).reason, Reason::not_learned);
  EXPECT_NEAR(scores.at(21).value, 6 / 2.9652 - 0.5, 1e-6);
  EXPECT_NEAR(scores.at(22).value, 2 * (6 / 2.9652 - 0.5), 1e-6);
  EXPECT_NEAR(scores.at(23).value, 2 * (6 / 2.9652 - 0.5) - 3 / 2.9652 - 0.5, 1e-6);
}

TEST(WasteScore, warns_of_no_single_day_and_forgets_what_was_mended) {
  std::vector<double> days(28, 0.5);
  days.push_back(1000);
  for (int i = 0; i < 3; ++i) days.push_back(0);
  for (int i = 0; i < 20; ++i) days.push_back(15);
  for (int i = 0; i < 8; ++i) days.push_back(0);
  const auto scores = scores_of(days);
  EXPECT_LT(scores.at(28).value, 5);
  EXPECT_GT(scores.at(40).value, 8);
  EXPECT_EQ(scores.back().value, 0);
}

}  // namespace
}  // namespace fettle::manipulation
