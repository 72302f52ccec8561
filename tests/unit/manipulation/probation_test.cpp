#include "manipulation/probation.hpp"

#include <gtest/gtest.h>
#include <random>

namespace fettle::manipulation {
namespace {

/// Hours of a building that was to draw 100.
class Trial {
 public:
  void days(int count, double level, double noise = 3) {
    for (int hour = 0; hour < count * 24; ++hour) probation.judge(level + noise * normal_(chance_), 100);
  }

  Probation probation{ProbationSettings{}};

 private:
  std::mt19937 chance_{17};
  std::normal_distribution<double> normal_;
};

TEST(Probation, is_passed_after_two_weeks_of_good_predictions) {
  Trial trial;
  trial.days(13, 100);
  EXPECT_FALSE(trial.probation.passed());
  trial.days(2, 100);
  EXPECT_TRUE(trial.probation.passed());
  EXPECT_NEAR(trial.probation.cv(), 0.03, 0.005);
  EXPECT_NEAR(trial.probation.bias(), 0, 0.01);
}

TEST(Probation, is_not_passed_by_predictions_that_scatter_or_lean) {
  Trial scattered, leaning;
  scattered.days(40, 100, 45);
  EXPECT_FALSE(scattered.probation.passed());
  leaning.days(40, 115);
  EXPECT_FALSE(leaning.probation.passed());
}

TEST(Probation, lets_nothing_be_learned_eagerly_while_days_are_off) {
  Trial trial;
  trial.days(40, 100);
  EXPECT_EQ(trial.probation.pace(), 1);
  trial.days(7, 115);
  EXPECT_EQ(trial.probation.pace(), 0.1);
  EXPECT_TRUE(trial.probation.passed());
  trial.days(14, 100);
  EXPECT_EQ(trial.probation.pace(), 1);
}

TEST(Probation, does_not_mind_a_holiday) {
  Trial trial;
  trial.days(40, 100);
  trial.days(1, 40);
  trial.days(3, 100);
  EXPECT_EQ(trial.probation.pace(), 1);
  EXPECT_TRUE(trial.probation.passed());
}

TEST(Probation, begins_anew_with_what_has_lasted_for_two_months) {
  Trial trial;
  trial.days(40, 100);
  trial.days(50, 130);
  EXPECT_EQ(trial.probation.pace(), 0.1);
  trial.days(30, 130);
  EXPECT_EQ(trial.probation.pace(), 1);
  EXPECT_FALSE(trial.probation.passed());
}

TEST(Probation, believes_a_value_within_three_times_the_usual_distance) {
  Trial trial;
  trial.days(20, 100);
  EXPECT_EQ(trial.probation.believable(101, 100), 101);
  EXPECT_NEAR(trial.probation.believable(1e12, 100), 109, 2);
  EXPECT_NEAR(trial.probation.believable(-1e12, 100), 91, 2);
}

TEST(Probation, is_lost_by_what_stood_still_and_begins_to_move) {
  Trial trial;
  trial.days(60, 100, 0);
  EXPECT_TRUE(trial.probation.passed());
  trial.days(120, 160, 40);
  EXPECT_FALSE(trial.probation.passed());
}

TEST(Probation, is_not_poisoned_by_a_spike) {
  Trial trial;
  trial.days(40, 100);
  trial.probation.judge(1e6, 100);
  EXPECT_TRUE(trial.probation.passed());
}

}  // namespace
}  // namespace fettle::manipulation
