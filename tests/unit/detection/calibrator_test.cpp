#include "detection/calibrator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace fettle::detection {
namespace {

TEST(Calibrator, is_silent_until_it_has_seen_enough) {
  Calibrator calibrator;
  for (int turn = 0; turn < 31; ++turn) EXPECT_EQ(calibrator.rank(turn), 0);
  EXPECT_GT(calibrator.rank(1), 0);
}

TEST(Calibrator, cannot_claim_more_than_it_has_seen_unless_a_record_is_broken) {
  Calibrator calibrator;
  for (int turn = 0; turn < 1000; ++turn) calibrator.rank(1);
  EXPECT_NEAR(calibrator.rank(1), 0, 0.001);
  EXPECT_NEAR(calibrator.rank(2), std::log10(2 * 1001 + 2) + 0.5, 0.001);
  EXPECT_TRUE(calibrator.is_record());
}

/// Evidence e means: one in 10^e, whatever the distribution.
TEST(Calibrator, gives_each_evidence_as_often_as_it_says) {
  std::mt19937 random{3};
  std::lognormal_distribution<double> strange{0, 1.5};
  Calibrator calibrator;
  int beyond = 0;
  constexpr int turns = 100'000;
  for (int turn = 0; turn < turns; ++turn) beyond += calibrator.rank(strange(random)) >= 2 ? 1 : 0;
  EXPECT_LT(beyond, turns / 100);
  EXPECT_GT(beyond, turns / 300) << "bins are wide, so that it is careful; but not silent";
}

TEST(Calibrator, says_how_many_were_as_strange) {
  Calibrator calibrator;
  for (int turn = 0; turn < 100; ++turn) calibrator.rank(turn < 3 ? 50 : 1);
  calibrator.rank(40);
  EXPECT_EQ(calibrator.as_strange(), 3);
  EXPECT_EQ(calibrator.seen(), 101);
}

/// What was usual years ago is half forgotten; the histogram never runs over.
TEST(Calibrator, lets_what_is_long_past_count_less) {
  Calibrator calibrator;
  for (int turn = 0; turn < 300'000; ++turn) calibrator.rank(8);
  for (int turn = 0; turn < 600'000; ++turn) calibrator.rank(1);
  calibrator.rank(8);
  EXPECT_LT(calibrator.as_strange() / calibrator.seen(), 0.2);
  EXPECT_LT(calibrator.seen(), 1 << 18);
}

}  // namespace
}  // namespace fettle::detection
