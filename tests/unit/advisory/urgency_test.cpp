// An alert that another one explains is no visit; unless it becomes the more urgent one, or is seen when its cause is gone.
#include "sample_cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;
using namespace test;

/// What runs to its limit in so many hours.
Prognosis ends_in(Time now, int hours) {
  Prognosis prognosis;
  prognosis.made = now;
  prognosis.mid = now + hours * 1h;
  prognosis.low = now + hours * 1h * 3 / 4;
  prognosis.high = now + hours * 1h * 5 / 4;
  return prognosis;
}

class Urgency : public testing::Test {
 protected:
  Urgency() { consequence.relate({{&cause}, {}, nullptr, {}}); }
  void both(int hours, double of_cause, int cause_ends_in, double of_consequence, int consequence_ends_in) {
    for (int hour = 0; hour < hours; ++hour) {
      now += 1h;
      cause.consider(0, at(now, of_cause), ends_in(now, cause_ends_in));
      consequence.consider(0, at(now, of_consequence), ends_in(now, consequence_ends_in));
      consequence.explain(now, "");
    }
  }
  std::string parent() const { return consequence.episode().alert()->parent; }
  std::string cause_id() const { return cause.episode().alert()->id; }

  ModeCase cause{slot_within("blocked", 24h * 60), {seen_by({flow})}};
  ModeCase consequence{slot_within("slipping", 24h * 60), {seen_by({temperature})}};
  Time now = start;
};

TEST_F(Urgency, ends_the_hiding_when_the_cause_can_wait_longer) {
  both(3, 0.7, 24 * 30, 0.7, 24 * 30);
  ASSERT_EQ(parent(), cause_id());
  both(30, 0.7, 24 * 30, 1.2, 1);
  ASSERT_EQ(consequence.episode().alert()->priority, 1);
  EXPECT_EQ(parent(), "");
  EXPECT_TRUE(dispatch_grade(*consequence.episode().alert()));
}

TEST_F(Urgency, of_a_cause_that_comes_as_far_hides_again) {
  both(3, 0.7, 24 * 30, 0.7, 24 * 30);
  both(3, 0.7, 24 * 30, 1.2, 1);
  ASSERT_EQ(parent(), "");
  both(3, 1.2, 1, 1.2, 1);
  EXPECT_EQ(parent(), cause_id());
}

TEST_F(Urgency, counts_a_day_after_the_cause_has_cleared_though_nobody_has_closed_it) {
  both(3, 0.7, 24 * 30, 0.7, 24 * 30);
  cause.episode().acknowledge({"dispatch/m.lee", now, "", std::nullopt});
  const auto gone = now + 3h;
  while (now < gone + 22h) {
    both(1, 0, 24 * 30, 0.7, 24 * 30);
    EXPECT_EQ(parent(), cause_id()) << "it takes its time to calm down";
  }
  both(4, 0, 24 * 30, 0.7, 24 * 30);
  EXPECT_EQ(cause.episode().alert()->state, AlertState::cleared);
  EXPECT_EQ(parent(), "");
}

}  // namespace
}  // namespace fettle::advisory
