#include "manipulation/towt.hpp"

#include <gtest/gtest.h>
#include <cmath>
#include <numbers>
#include <random>

namespace fettle::manipulation {
namespace {

constexpr int day = 24, week = 168;

/// An hour of a simulated year.
struct Hour {
  std::int64_t number = 0;
  double temperature = 0;
  bool busy = false;

  Context context() const { return {number * 3600, {&temperature, 1}}; }
};

Hour hour_of_year(std::int64_t number, double weather) {
  const double phase = 2 * std::numbers::pi;
  const double season = -9 * std::cos(phase * static_cast<double>(number) / (365 * day));
  const double daily = -4 * std::cos(phase * static_cast<double>(number % day - 3) / day);
  const auto of_day = number % day;
  const bool busy = number % week < 5 * day && of_day >= 8 && of_day < 18;
  return {number, 11 + season + daily + weather, busy};
}

/// Heats below 12.8 and cools above 18.3, more so when people are there: straight within the pieces of the model.
double power_at(const Hour& hour) {
  const double people = hour.busy ? 1 : 0.5;
  const double heating = 2 * std::max(0.0, 12.8 - hour.temperature),
               cooling = 3 * std::max(0.0, hour.temperature - 18.3);
  return 40 + 60 * (hour.busy ? 1 : 0) + people * (heating + cooling) + static_cast<double>(hour.number % day) / 2;
}

class SeededTowt : public ::testing::TestWithParam<unsigned> {};

TEST_P(SeededTowt, finds_a_building_that_obeys_it) {
  std::mt19937 chance{GetParam()};
  std::normal_distribution<double> normal{0, 3};
  Towt model{std::exp2(-1.0 / (60 * day))};
  double squares = 0, count = 0;
  for (std::int64_t number = 0; number < 365 * day; ++number) {
    const auto hour = hour_of_year(number, normal(chance));
    const auto expected = model.expect(hour.context());
    if (expected && number > 60 * day) {
      squares += std::pow(*expected - power_at(hour), 2);
      ++count;
    }
    model.learn(hour.context(), power_at(hour), 1);
  }
  EXPECT_GT(count, 0.9 * 305 * day);
  EXPECT_LT(std::sqrt(squares / count), 0.01 * 85);
}

TEST_P(SeededTowt, tells_when_people_are_there) {
  std::mt19937 chance{GetParam()};
  std::normal_distribution<double> normal{0, 3};
  Towt model{std::exp2(-1.0 / (60 * day))};
  for (std::int64_t number = 0; number < 28 * day; ++number) {
    const auto hour = hour_of_year(number, normal(chance));
    model.learn(hour.context(), power_at(hour), 1);
  }
  for (std::int64_t number = 0; number < week; ++number)
    EXPECT_EQ(model.is_occupied(static_cast<std::size_t>(number)), hour_of_year(number, 0).busy) << number;
}

TEST_P(SeededTowt, goes_on_after_a_restart_to_the_bit) {
  std::mt19937 chance{GetParam()};
  std::normal_distribution<double> normal{0, 3};
  Towt model{0.9995}, restored{0.9995};
  std::int64_t number = 0;
  for (; number < 40 * day; ++number) {
    const auto hour = hour_of_year(number, normal(chance));
    model.learn(hour.context(), power_at(hour) + normal(chance), 1);
  }
  StateWriter writer;
  model.save(writer);
  const auto bytes = writer.take();
  EXPECT_LT(bytes.size(), 9000U);
  StateReader reader{bytes};
  ASSERT_TRUE(restored.restore(reader));
  for (; number < 50 * day; ++number) {
    const auto hour = hour_of_year(number, 0);
    EXPECT_EQ(model.expect(hour.context()), restored.expect(hour.context()));
    model.learn(hour.context(), power_at(hour), 1);
    restored.learn(hour.context(), power_at(hour), 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SeededTowt, ::testing::Range(1U, 5U));

TEST(Towt, is_the_batch_solution_by_hand) {
  // Two hours of the week, one busy, one not. Around its means (9.5 degC, 30 kW) the busy one has Sxy = -9 and Sxx = 5.
  Towt model{1};
  const std::array<double, 4> cold{8, 10, 9, 11}, warm{9, 12, 11, 8}, busy{33, 28, 31, 28}, calm{23, 18, 20, 23};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto number = static_cast<std::int64_t>(i) * week;
    model.learn({number * 3600, {&cold.at(i), 1}}, busy.at(i), 1);
    model.learn({(number + 1) * 3600, {&warm.at(i), 1}}, calm.at(i), 1);
  }
  ASSERT_TRUE(model.is_occupied(0));
  ASSERT_FALSE(model.is_occupied(1));
  // More at the mean changes no slope, and makes it dare to speak.
  const double mean = 9.5, asked = 9;
  for (int i = 4; i < 400; ++i) model.learn({std::int64_t{i} * week * 3600, {&mean, 1}}, 30, 1);
  EXPECT_NEAR(model.expect({0, {&asked, 1}}).value_or(0), 30 + 0.5 * 9 / 5, 2e-3);
}

TEST(Towt, does_not_speak_of_weather_that_it_has_not_seen) {
  Towt model{1};
  std::int64_t number = 0;
  for (; number < 40 * day; ++number) {
    const double temperature = 10 + static_cast<double>(number % 7) / 2;
    model.learn({number * 3600, {&temperature, 1}}, 50, 1);
  }
  const double known = 11, frost = -15, nonsense = 1e12;
  EXPECT_TRUE(model.expect({number * 3600, {&known, 1}}));
  EXPECT_FALSE(model.expect({number * 3600, {&frost, 1}}));
  EXPECT_FALSE(model.expect({number * 3600, {&nonsense, 1}}));
  model.learn({number * 3600, {&nonsense, 1}}, 50, 1);
  EXPECT_NEAR(*model.expect({number * 3600, {&known, 1}}), 50, 0.01);
}

TEST(Towt, is_the_hour_of_the_week_alone_where_there_is_no_temperature) {
  Towt model{0.999};
  std::int64_t number = 0;
  for (; number < 21 * day; ++number) model.learn({number * 3600, {}}, static_cast<double>(number % week), 1);
  for (; number < 22 * day; ++number)
    EXPECT_NEAR(*model.expect({number * 3600, {}}), static_cast<double>(number % week), 1e-3);
}

TEST(Towt, takes_an_hour_that_it_has_not_seen_from_the_same_hour_of_other_days) {
  Towt model{1};
  std::int64_t number = 0;
  for (; number < 42 * day; ++number) {
    const bool missing = number % week == 30;
    if (!missing) model.learn({number * 3600, {}}, static_cast<double>(number % day), 1);
  }
  EXPECT_NEAR(*model.expect({30 * 3600, {}}), 6, 1e-4);
}

}  // namespace
}  // namespace fettle::manipulation
