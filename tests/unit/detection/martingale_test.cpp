#include "detection/martingale.hpp"

#include "detection/decorrelation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace fettle::detection {
namespace {

/// How many bets it takes until the wealth is at its limit, by chance alone.
long run_length(std::mt19937& random, double limit) {
  std::uniform_real_distribution<double> chance{0, 1};
  Martingale martingale{limit + 2};
  long bets = 0;
  for (; martingale.wealth() < limit; ++bets) martingale.bet(1 - chance(random));
  return bets;
}

/// The promise of its header, for limits that a test has the time for.
TEST(Martingale, raises_no_more_false_alarms_than_its_limit_allows) {
  std::mt19937 random{11};
  for (const double bets_an_alarm : {10.0, 100.0, 500.0}) {
    const double limit = Martingale::limit(bets_an_alarm, 1);
    double bets = 0;
    constexpr int runs = 100;
    for (int run = 0; run < runs; ++run) bets += static_cast<double>(run_length(random, limit));
    EXPECT_GE(bets / runs, bets_an_alarm) << limit;
  }
}

TEST(Martingale, limit_follows_from_the_alarms_that_are_allowed) {
  EXPECT_NEAR(Martingale::limit(2922.24, 0.01), 5.466, 0.001);
  EXPECT_EQ(Martingale::limit(10, 100), 0);
}

TEST(Martingale, believes_no_single_bet) {
  Martingale martingale{7};
  martingale.bet(1e-300);
  EXPECT_NEAR(martingale.wealth(), 1.5, 1e-9);
}

TEST(Martingale, wins_steadily_while_strange_things_go_on) {
  Martingale martingale{7};
  int bets = 0;
  for (; martingale.wealth() < 5.5; ++bets) martingale.bet(0.001);
  EXPECT_GE(bets, 4);
  EXPECT_LE(bets, 6);
  for (int more = 0; more < 100; ++more) martingale.bet(0.5);
  EXPECT_EQ(martingale.wealth(), 0) << "and forgets it when all is well again";
}

TEST(Martingale, is_never_richer_than_it_may_be) {
  Martingale martingale{7};
  for (int bets = 0; bets < 1000; ++bets) martingale.bet(0.001);
  EXPECT_EQ(martingale.wealth(), 7);
}

TEST(Martingale, does_not_take_bets_that_are_none) {
  Martingale martingale{7};
  for (const double wrong : {0.0, -1.0, 1.5, std::numeric_limits<double>::quiet_NaN(), 1e300}) martingale.bet(wrong);
  EXPECT_EQ(martingale.wealth(), 0);
}

/// Values that forget a tenth of what was before at each step.
class Slow {
 public:
  explicit Slow(double memory) : memory_{memory} {}
  double next() { return value_ = memory_ * value_ + noise_(random_); }

 private:
  double memory_, value_ = 0;
  std::mt19937 random_{2};
  std::normal_distribution<double> noise_{0, 1};
};

TEST(Decorrelation, picks_each_value_of_a_stream_without_memory) {
  Slow stream{0};
  Decorrelation decorrelation;
  int picked = 0;
  for (int turn = 0; turn < 5000; ++turn) {
    decorrelation.learn(stream.next());
    picked += decorrelation.pick() ? 1 : 0;
  }
  EXPECT_GT(picked, 4500);
  EXPECT_EQ(decorrelation.stride(), 1);
}

TEST(Decorrelation, leaves_out_as_many_as_the_stream_remembers) {
  Slow stream{0.9};  // 0.9^16 = 0.19
  Decorrelation decorrelation;
  for (int turn = 0; turn < 5000; ++turn) decorrelation.learn(stream.next());
  EXPECT_EQ(decorrelation.stride(), 16);
}

TEST(Decorrelation, is_content_with_a_stream_that_stands_still) {
  Decorrelation decorrelation;
  for (int turn = 0; turn < 500; ++turn) {
    decorrelation.learn(3);
    EXPECT_TRUE(decorrelation.pick());
  }
}

}  // namespace
}  // namespace fettle::detection
