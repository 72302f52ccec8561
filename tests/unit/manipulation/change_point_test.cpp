#include "manipulation/change_point_model.hpp"

#include <gtest/gtest.h>
#include <cmath>
#include <random>

namespace fettle::manipulation {
namespace {

struct Shape {
  const char* name;
  double base, heating, cooling, heating_from, cooling_from;
};

class SimulatedShape : public ::testing::TestWithParam<Shape> {};

TEST_P(SimulatedShape, is_found_from_a_year_of_days) {
  const auto& made_by = GetParam();
  const EnergyShape truth{
      made_by.name, made_by.base, made_by.heating, made_by.cooling, made_by.heating_from, made_by.cooling_from, 0};
  std::mt19937 chance{7};
  std::uniform_real_distribution<double> weather{-8, 32};
  std::normal_distribution<double> noise{0, 5};
  ChangePointModel model{1};
  for (int day = 0; day < 365; ++day) {
    const double temperature = weather(chance);
    model.learn(temperature, truth.at(temperature) + noise(chance), 1);
  }
  ASSERT_TRUE(model.shape());
  const auto& found = *model.shape();
  EXPECT_EQ(found.name, made_by.name);
  EXPECT_NEAR(found.heating, made_by.heating, 0.3);
  EXPECT_NEAR(found.cooling, made_by.cooling, 0.3);
  for (const double temperature : {-5.0, 3.0, 9.0, 15.0, 21.0, 29.0})
    EXPECT_NEAR(found.at(temperature), truth.at(temperature), 3) << temperature;
}

INSTANTIATE_TEST_SUITE_P(Shapes, SimulatedShape,
                         ::testing::Values(Shape{"3PH", 80, 6, 0, 14, 0}, Shape{"3PC", 80, 0, 7, 0, 18},
                                           Shape{"4P", 80, 6, 4, 15, 15}, Shape{"5P", 80, 6, 7, 11, 20},
                                           Shape{"2P", 90, 0, 4, 0, -20}, Shape{"2P", 20, 5, 0, 40, 0}),
                         [](const auto& shape) { return std::string{"Case"} + std::to_string(shape.index); });

TEST(ChangePointModel, is_exact_where_the_days_are) {
  // By hand: base 10 up to 15 degC, and 2 for each kelvin beyond; two days of each whole degree and a half.
  ChangePointModel model{1};
  for (int twice = 0; twice < 2; ++twice) {
    for (int degree = 0; degree < 30; ++degree) {
      const double temperature = degree + 0.5;
      model.learn(temperature, 10 + 2 * std::max(0.0, temperature - 15), 1);
    }
  }
  ASSERT_TRUE(model.shape());
  EXPECT_EQ(model.shape()->name, "3PC");
  EXPECT_EQ(model.shape()->cooling_from, 15);
  EXPECT_NEAR(model.shape()->base, 10, 1e-6);
  EXPECT_NEAR(model.shape()->cooling, 2, 1e-6);
}

TEST(ChangePointModel, does_not_take_a_slope_of_the_wrong_sign_for_heating_or_cooling) {
  ChangePointModel model{1};
  for (int day = 0; day < 60; ++day) {
    const double temperature = -5 + day % 35;
    model.learn(temperature, 50 - std::abs(temperature - 12), 1);
  }
  ASSERT_TRUE(model.shape());
  EXPECT_GE(model.shape()->heating, 0);
  EXPECT_GE(model.shape()->cooling, 0);
}

TEST(ChangePointModel, says_nothing_before_four_weeks_and_nothing_beyond_what_it_has_seen) {
  ChangePointModel model{1};
  for (int day = 0; day < 27; ++day) model.learn(5 + day % 10, 20 + day % 10, 1);
  EXPECT_FALSE(model.shape());
  model.learn(9, 24, 1);
  EXPECT_TRUE(model.shape());
  EXPECT_TRUE(model.knows(15.5));
  EXPECT_FALSE(model.knows(22));
  EXPECT_FALSE(model.knows(-3));
}

TEST(ChangePointModel, survives_nonsense_and_a_restart) {
  ChangePointModel model{0.99}, restored{0.99};
  std::mt19937 chance{3};
  std::normal_distribution<double> normal{15, 6};
  for (int day = 0; day < 90; ++day) model.learn(normal(chance), normal(chance), 1);
  for (const double nonsense : {std::nan(""), 1e12, -1e12, static_cast<double>(INFINITY)}) {
    model.learn(nonsense, 5, 1);
    model.learn(5, nonsense == 1e12 || nonsense == -1e12 ? 5 : nonsense, 1);
  }
  StateWriter writer;
  model.save(writer);
  const auto bytes = writer.take();
  StateReader reader{bytes};
  ASSERT_TRUE(restored.restore(reader));
  for (double temperature = -5; temperature < 30; temperature += 2.5) {
    ASSERT_TRUE(std::isfinite(model.shape()->at(temperature)));
    EXPECT_EQ(model.shape()->at(temperature), restored.shape()->at(temperature));
  }
}

}  // namespace
}  // namespace fettle::manipulation
