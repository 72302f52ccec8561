#include "prognosis/courses.hpp"

#include "prognosis/ending.hpp"

#include <gtest/gtest.h>
#include <cmath>

namespace fettle::prognosis {
namespace {

/// A level of 0.05 for 12 samples, then `grown(hours since)` on top of it for 16 more, six hours apart.
template <class Grown>
Samples risen_by(Grown grown) {
  Samples samples;
  for (int at = 0; at < 28; ++at) {
    const double since = 6.0 * (at - 12);
    samples.add({6.0 * at, 0.05 + (since > 0 ? grown(since) : 0)});
  }
  return samples;
}

constexpr double last = 6.0 * 27;

template <class Grown>
double hours_to_one(Grown grown) {
  const auto samples = risen_by(grown);
  return Courses{samples.view(), 0.05, last}.hours_between(samples.view().back().value, 1);
}

TEST(Courses, carry_straight_square_and_cubic_wear_on) {
  EXPECT_NEAR(hours_to_one([](double since) { return 0.006 * since; }), 0.95 / 0.006 - 90, 8);
  EXPECT_NEAR(hours_to_one([](double since) { return 7e-5 * since * since; }), std::sqrt(0.95 / 7e-5) - 90, 4);
  EXPECT_NEAR(hours_to_one([](double since) { return 8e-7 * std::pow(since, 3); }), std::cbrt(0.95 / 8e-7) - 90, 4);
}

TEST(Courses, carry_exponential_wear_on) {
  Samples samples;
  for (int at = 0; at < 28; ++at) samples.add({6.0 * at, 0.02 * std::exp(0.02 * 6 * at)});
  const Courses courses{samples.view(), 0, last};
  const double level = samples.view().back().value;
  EXPECT_NEAR(courses.hours_between(level, 1), std::log(1 / level) / 0.02, 4);
}

TEST(Courses, are_none_where_nothing_is_above_the_base) {
  const auto samples = risen_by([](double /*since*/) { return 0.0; });
  EXPECT_TRUE((Courses{samples.view(), 0.5, last}.empty()));
}

TEST(Ending, lies_about_the_limit_while_the_machine_is_far_from_it) {
  const auto ending = ending_beyond(0.3);
  EXPECT_NEAR(ending.low, 1 - 1.2816 * doubt, 0.001);
  EXPECT_NEAR(ending.mid, 1, 0.001);
  EXPECT_NEAR(ending.high, 1 + 1.2816 * doubt, 0.001);
}

TEST(Ending, is_ahead_of_a_machine_that_still_runs_beyond_its_limit) {
  double before = 1;
  for (const double level : {0.9, 1.0, 1.1, 1.2}) {
    const auto ending = ending_beyond(level);
    EXPECT_GT(ending.low, level);
    EXPECT_GT(ending.mid, ending.low);
    EXPECT_GT(ending.high, ending.mid);
    EXPECT_LT(ending.mid - level, before);
    before = ending.mid - level;
  }
}

}  // namespace
}  // namespace fettle::prognosis
