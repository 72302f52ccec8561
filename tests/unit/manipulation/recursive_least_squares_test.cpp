#include "manipulation/recursive_least_squares.hpp"

#include <gtest/gtest.h>
#include <array>
#include <cmath>
#include <random>

namespace fettle::manipulation {
namespace {

using Sample = std::array<double, 3>;

TEST(RecursiveLeastSquares, is_the_batch_solution_by_hand) {
  // y = 1, 3, 4 at x = 0, 1, 2: slope 3/2, intercept 7/6.
  RecursiveLeastSquares fit{2};
  fit.learn(std::array{1.0, 0.0}, 1);
  fit.learn(std::array{1.0, 1.0}, 3);
  fit.learn(std::array{1.0, 2.0}, 4);
  EXPECT_NEAR(fit.coefficients()[0], 7.0 / 6, 1e-7);
  EXPECT_NEAR(fit.coefficients()[1], 1.5, 1e-7);
  EXPECT_NEAR(fit.predict(std::array{1.0, 4.0}), 7.0 / 6 + 6, 1e-6);
}

TEST(RecursiveLeastSquares, lets_older_samples_fade_by_their_weight) {
  // Weights 1/4, 1/2, 1 at x = 0, 1, 2.
  RecursiveLeastSquares fit{2};
  const std::array<double, 3> y{1, 3, 4};
  for (std::size_t i = 0; i < y.size(); ++i) {
    fit.fade(0.5);
    fit.learn(std::array{1.0, static_cast<double>(i)}, y.at(i));
  }
  const double sw = 1.75, sx = 2.5, sxx = 4.5, sy = 0.25 + 1.5 + 4, sxy = 1.5 + 8;
  const double slope = (sw * sxy - sx * sy) / (sw * sxx - sx * sx);
  EXPECT_NEAR(fit.coefficients()[1], slope, 1e-7);
  EXPECT_NEAR(fit.coefficients()[0], (sy - slope * sx) / sw, 1e-7);
  EXPECT_NEAR(fit.weight(), sw, 1e-12);
}

class SeededLeastSquares : public ::testing::TestWithParam<unsigned> {};

TEST_P(SeededLeastSquares, finds_the_coefficients_that_made_the_samples) {
  std::mt19937 chance{GetParam()};
  std::uniform_real_distribution<double> uniform{-3, 3};
  const std::array<double, 3> made_by{uniform(chance), uniform(chance), uniform(chance)};
  RecursiveLeastSquares fit{3};
  for (int i = 0; i < 50; ++i) {
    const Sample x{1, uniform(chance), uniform(chance)};
    fit.fade(0.99);
    fit.learn(x, made_by[0] + made_by[1] * x[1] + made_by[2] * x[2]);
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(fit.coefficients()[i], made_by.at(i), 1e-6);
}

TEST_P(SeededLeastSquares, does_not_wind_up_while_nothing_moves) {
  std::mt19937 chance{GetParam()};
  std::normal_distribution<double> normal;
  RecursiveLeastSquares fit{2};
  for (int i = 0; i < 200; ++i) {
    const std::array x{1.0, normal(chance)};
    fit.fade(0.99);
    fit.learn(x, 5 + 2 * x[1]);
  }
  for (int i = 0; i < 1000; ++i) {
    fit.fade(0.99);
    fit.learn(std::array{1.0, 0.5}, 6 + 0.1 * normal(chance));
  }
  EXPECT_NEAR(fit.coefficients()[1], 2, 1);
  for (int i = 0; i < 100'000; ++i) {
    fit.fade(0.99);
    fit.learn(std::array{1.0, 0.5}, 6 + 0.1 * normal(chance));
  }
  EXPECT_NEAR(fit.predict(std::array{1.0, 0.5}), 6, 0.1);
  EXPECT_LT(std::abs(fit.coefficients()[1]), 100);
}

TEST_P(SeededLeastSquares, is_restored_to_the_bit) {
  std::mt19937 chance{GetParam()};
  std::normal_distribution<double> normal;
  RecursiveLeastSquares fit{3}, other{3};
  for (int i = 0; i < 40; ++i) fit.learn(Sample{1, normal(chance), normal(chance)}, normal(chance));
  StateWriter writer;
  fit.save(writer);
  const auto bytes = writer.take();
  StateReader reader{bytes};
  ASSERT_TRUE(other.restore(reader));
  fit.learn(Sample{1, 2, 3}, 4);
  other.learn(Sample{1, 2, 3}, 4);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(fit.coefficients()[i], other.coefficients()[i]);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SeededLeastSquares, ::testing::Range(1U, 9U));

TEST(RecursiveLeastSquares, knows_where_it_has_never_been) {
  RecursiveLeastSquares fit{2};
  for (int i = 0; i < 100; ++i) fit.learn(std::array{1.0, static_cast<double>(i % 10)}, i);
  EXPECT_NEAR(fit.uncertainty(std::array{1.0, 4.5}), 0.01, 1e-6);
  EXPECT_GT(fit.uncertainty(std::array{1.0, 90.0}), 5);
  RecursiveLeastSquares still{2};
  for (int i = 0; i < 100; ++i) still.learn(std::array{1.0, 0.0}, 7);
  EXPECT_TRUE(std::isinf(still.uncertainty(std::array{1.0, 1.0})));
  EXPECT_EQ(still.coefficients()[1], 0);
}

TEST(RecursiveLeastSquares, refuses_a_state_that_makes_no_sense) {
  RecursiveLeastSquares fit{2};
  StateWriter writer;
  NormalEquations sums;
  sums.squares.front() = std::nan("");
  writer.put(sums);
  writer.put(1.0);
  const auto bytes = writer.take();
  StateReader reader{bytes};
  EXPECT_FALSE(fit.restore(reader));
}

}  // namespace
}  // namespace fettle::manipulation
