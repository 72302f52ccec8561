#include "prognosis/wander.hpp"

#include "prognosis/milestones.hpp"

#include <gtest/gtest.h>
#include <cmath>
#include <numbers>
#include <random>

namespace fettle::prognosis {
namespace {

/// A rise of 0.01 an hour over 30 hours to which `stray` adds something, step by step.
template <class Stray>
Rise rise_with(Stray stray) {
  Samples samples;
  for (int hour = 0; hour < 30; ++hour) samples.add({static_cast<double>(hour), 0.2 + 0.01 * hour + stray()});
  Rise rise;
  rise.since_onset = samples;
  rise.courses = {samples.view(), 0, samples.view().back().hours};
  return rise;
}

template <class Stray>
double mean_wander(Stray stray) {
  double sum = 0;
  for (int life = 0; life < 200; ++life) sum += wander_of(rise_with(stray)) / 200;
  return sum;
}

TEST(Wander, tells_a_random_walk_from_noise_of_measurement) {
  std::mt19937_64 random{3};
  std::normal_distribution<double> normal{0, 0.02};
  double walked = 0;
  const double walk = mean_wander([&] { return walked += normal(random); });
  const double noise = mean_wander([&] { return normal(random); });
  EXPECT_GT(walk, 0.5 * 0.02 * 0.02);
  EXPECT_LT(walk, 1.5 * 0.02 * 0.02);
  EXPECT_LT(noise, 0.2 * walk);
}

TEST(Wander, is_none_on_a_straight_line) {
  EXPECT_LT(wander_of(rise_with([] { return 0.0; })), 1e-12);
}

/// F(t) of the inverse Gaussian with mean m and shape l, by its textbook form.
double passed_by(double t, double m, double l) {
  const auto phi = [](double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; };
  const double root = std::sqrt(l / t);
  return phi(root * (t / m - 1)) + std::exp(2 * l / m) * phi(-root * (t / m + 1));
}

TEST(FirstPassage, gives_the_quantiles_of_the_inverse_gaussian) {
  const double way = 0.5;
  const double mean = 200;
  for (const double diffusion : {0.05, 0.3, 1.5}) {
    const double variance = diffusion * way * way / mean;
    const auto passage = first_passage(way, mean, variance);
    EXPECT_NEAR(passed_by(passage.low, mean, mean / diffusion), 0.1, 1e-6);
    EXPECT_NEAR(passed_by(passage.high, mean, mean / diffusion), 0.9, 1e-6);
  }
}

TEST(FirstPassage, is_certain_without_wander_and_finite_with_the_wildest) {
  const auto certain = first_passage(0.5, 200, 0);
  EXPECT_EQ(certain.low, 200);
  EXPECT_EQ(certain.high, 200);
  const auto wild = first_passage(0.01, 2000, 10);
  EXPECT_GT(wild.low, 0);
  EXPECT_LT(wild.high, 2000 * 100);
}

TEST(MilestonesTest, widen_nothing_while_the_course_is_as_foreseen) {
  Milestones milestones;
  for (int step = 0; step < 10; ++step) {
    milestones.expect(step * 10.0, 0.2 + step * 0.08, 10);
    EXPECT_TRUE(milestones.is_reached(0.2 + (step + 1.1) * 0.08));
    EXPECT_NEAR(milestones.reach((step + 1) * 10.0, 1), 0, 1e-6);
  }
  EXPECT_EQ(milestones.spread(), 1);
}

TEST(MilestonesTest, widen_the_interval_of_a_course_that_surprises_in_either_direction) {
  Milestones slow;
  Milestones fast;
  for (int step = 0; step < 12; ++step) {
    slow.expect(0, 0.2, 10);
    slow.reach(100, 1);
    fast.expect(0, 0.2, 100);
    fast.reach(10, 1);
  }
  EXPECT_GT(slow.spread(), 2);
  EXPECT_NEAR(slow.spread(), fast.spread(), 1e-5);
}

TEST(MilestonesTest, forget_a_surprise_after_many_quiet_steps) {
  Milestones milestones;
  milestones.expect(0, 0.2, 10);
  milestones.reach(1000, 1);
  EXPECT_GT(milestones.spread(), 1.5);
  for (int step = 0; step < 60; ++step) {
    milestones.expect(0, 0.2, 10);
    milestones.reach(10, 1);
  }
  EXPECT_EQ(milestones.spread(), 1);
}

}  // namespace
}  // namespace fettle::prognosis
