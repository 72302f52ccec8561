#include "health/excess_account.hpp"

#include <gtest/gtest.h>

namespace fettle::health {
namespace {

using namespace std::chrono_literals;

constexpr PointId excess{4};
constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

/// An account that sees an excess hour by hour, and a score of warning 5 and limit 8 each midnight.
class Meter {
 public:
  explicit Meter(std::optional<double> price = std::nullopt) : account{{"METER-01/energy-waste", 1h, 7, price, "EUR"}} {
    account.draw(good(excess, start, 0));
  }

  void day(double kilowatts, double score) {
    for (int hour = 0; hour < 24; ++hour) {
      now += 1h;
      account.draw(good(excess, now, kilowatts));
    }
    ModeHealth health;
    health.time = now;
    health.value = score;
    health.warn = 5;
    health.limit = 8;
    account.judge(health);
  }

  ExcessAccount account;
  Time now = start;
};

TEST(ExcessAccount, says_nothing_before_the_warning) {
  Meter meter;
  meter.day(1, 0);
  meter.day(10, 3);
  EXPECT_FALSE(meter.account.waste());
}

TEST(ExcessAccount, adds_up_since_the_score_left_zero) {
  Meter meter{0.5};
  meter.day(-3, 0);
  meter.day(10, 3);
  meter.day(10, 6);
  ASSERT_TRUE(meter.account.waste());
  EXPECT_NEAR(meter.account.waste()->kwh, 480, 1e-9);
  EXPECT_EQ(meter.account.waste()->since, start + Days{1});
  meter.day(10, 9);
  EXPECT_NEAR(meter.account.waste()->kwh, 720, 1e-9);
  EXPECT_NEAR(*meter.account.waste()->cost_per_day, 120, 5);
  EXPECT_EQ(meter.account.waste()->currency, "EUR");
}

TEST(ExcessAccount, begins_where_a_step_explains_the_days_best) {
  Meter meter;
  meter.day(0, 0);
  for (const double noise : {1.0, -1.0, 1.0, -0.5}) meter.day(noise, 0.3);
  meter.day(12, 3);
  meter.day(11, 6);
  EXPECT_EQ(meter.account.waste()->since, start + Days{5});
  EXPECT_NEAR(meter.account.waste()->kwh, 24 * 23, 1e-9);
}

TEST(ExcessAccount, ends_when_the_score_is_zero_again) {
  Meter meter;
  meter.day(10, 3);
  meter.day(10, 6);
  meter.day(0, 0);
  EXPECT_FALSE(meter.account.waste());
  meter.day(7, 6);
  EXPECT_NEAR(meter.account.waste()->kwh, 7 * 24, 1e-9);
  EXPECT_EQ(meter.account.waste()->since, start + Days{3});
}

TEST(ExcessAccount, counts_nothing_for_a_gap_and_nothing_for_bad_readings) {
  Meter meter;
  meter.day(10, 3);
  meter.day(10, 6);
  meter.account.draw(bad(excess, meter.now + 1h, Reason::not_learned));
  meter.account.draw(good(excess, meter.now + Days{3}, 10));
  EXPECT_NEAR(meter.account.waste()->kwh, 480 + 20, 1e-9);
}

TEST(ExcessAccount, goes_on_after_a_restart_and_never_falls_behind_what_was_published) {
  Meter meter, restarted, lost;
  for (int i = 0; i < 70; ++i) {
    meter.day(10, 6);
    lost.now = meter.now;
  }
  StateWriter writer;
  meter.account.save(writer);
  const auto bytes = writer.take();
  StateReader reader{bytes};
  ASSERT_TRUE(restarted.account.restore(reader));
  EXPECT_EQ(restarted.account.waste()->kwh, meter.account.waste()->kwh);
  EXPECT_NEAR(meter.account.waste()->kwh, 70 * 240, 1e-6);
  lost.account.recall(*meter.account.waste());
  lost.day(10, 6);
  EXPECT_NEAR(lost.account.waste()->kwh, 71 * 240, 10 + 1e-6);  // a gap counts for two hours at most
  EXPECT_EQ(lost.account.waste()->since, start);
}

TEST(ExcessAccount, refuses_a_state_that_makes_no_sense) {
  Meter meter;
  meter.day(10, 6);
  StateWriter writer;
  meter.account.save(writer);
  const auto bytes = writer.take();
  StateReader reader{std::span{bytes}.first(bytes.size() - 1)};
  EXPECT_FALSE(Meter{}.account.restore(reader));
}

}  // namespace
}  // namespace fettle::health
