#include "manipulation/counter.hpp"

#include <gtest/gtest.h>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

/// A counter that is read every minute.
class Minutely {
 public:
  explicit Minutely(const MotionRule& rule) : counter_{rule} {}

  CounterEvent take(double value) { return counter_.take(Time{} + 1min * ++minutes_, value); }
  CounterEvent take_after(Duration pause, double value) {
    minutes_ += pause / 1min;
    return counter_.take(Time{} + 1min * minutes_, value);
  }
  double total() const { return counter_.total(); }

 private:
  Counter counter_;
  std::int64_t minutes_ = 0;
};

constexpr double full_32_bits = 4294967296.0;

TEST(Counter, counts_from_its_first_reading) {
  Minutely meter{{}};
  EXPECT_EQ(meter.take(5000), CounterEvent::none);
  EXPECT_EQ(meter.total(), 0);
  EXPECT_EQ(meter.take(5001.5), CounterEvent::none);
  EXPECT_EQ(meter.take(5001.5), CounterEvent::none);
  EXPECT_EQ(meter.total(), 1.5);
}

TEST(Counter, goes_on_when_its_register_is_full) {
  Minutely pulses{{0, 1, full_32_bits}};
  pulses.take(full_32_bits - 10);
  EXPECT_EQ(pulses.take(5), CounterEvent::wrapped);
  EXPECT_EQ(pulses.take(8), CounterEvent::none);
  EXPECT_EQ(pulses.total(), 18);
}

TEST(Counter, goes_on_when_its_digits_are_full) {
  Minutely meter{{0.1, 0.01, 100000}};
  meter.take(99999.99);
  EXPECT_EQ(meter.take(1.5), CounterEvent::wrapped);
  EXPECT_NEAR(meter.total(), 1.51, 1e-9);
}

TEST(Counter, does_not_take_a_new_meter_for_a_wrap) {
  Minutely meter{{0, 1, full_32_bits}};
  meter.take(500000);
  EXPECT_EQ(meter.take(3), CounterEvent::fell);
  EXPECT_EQ(meter.take(4), CounterEvent::replaced);
  EXPECT_EQ(meter.take(6), CounterEvent::none);
  EXPECT_EQ(meter.total(), 3);
}

TEST(Counter, does_not_take_a_wrap_that_is_too_fast_for_one) {
  Minutely meter{{0.1, 0.01, 100000}};  // at most 6 a minute
  meter.take(99000);
  EXPECT_EQ(meter.take(1), CounterEvent::fell);
  EXPECT_EQ(meter.take(2), CounterEvent::replaced);
  EXPECT_EQ(meter.total(), 1);
}

TEST(Counter, believes_no_single_reading_that_does_not_fit) {
  Minutely meter{{0.1, 0.01, 0}};
  meter.take(1000);
  EXPECT_EQ(meter.take(0), CounterEvent::fell);
  EXPECT_EQ(meter.take(1002), CounterEvent::none);
  EXPECT_EQ(meter.take(900000), CounterEvent::leapt);
  EXPECT_EQ(meter.take(1004), CounterEvent::none);
  EXPECT_EQ(meter.total(), 4);
}

TEST(Counter, believes_two_readings_that_agree) {
  Minutely meter{{0.1, 0.01, 0}};
  meter.take(1000);
  EXPECT_EQ(meter.take(7000), CounterEvent::leapt);
  EXPECT_EQ(meter.take(7001), CounterEvent::replaced);
  EXPECT_EQ(meter.take(7003), CounterEvent::none);
  EXPECT_EQ(meter.total(), 3);
}

TEST(Counter, never_agrees_with_readings_that_jump_about) {
  Minutely meter{{0.1, 0.01, 0}};
  meter.take(1000);
  for (const double nonsense : {90000, 40000, 70000, 20000}) EXPECT_NE(meter.take(nonsense), CounterEvent::replaced);
  EXPECT_EQ(meter.take(1005), CounterEvent::none);
  EXPECT_EQ(meter.total(), 5);
}

TEST(Counter, knows_that_much_can_be_counted_while_nobody_reads) {
  Minutely meter{{0.1, 0.01, 0}};
  meter.take(1000);
  EXPECT_EQ(meter.take_after(24h, 9000), CounterEvent::none);  // 8640 are possible
  EXPECT_EQ(meter.total(), 8000);
}

TEST(Counter, leaves_a_float_its_rounding_and_counts_nothing_twice) {
  Minutely meter{{}};
  meter.take(70000.0078125);
  EXPECT_EQ(meter.take(70000.0), CounterEvent::none);
  EXPECT_EQ(meter.take(70000.0078125), CounterEvent::none);
  EXPECT_EQ(meter.total(), 0);
}

TEST(Counter, judges_no_rate_when_the_clock_was_set_back) {
  Counter meter{{0.1, 0.01, 0}};
  meter.take(Time{} + 1h, 1000);
  EXPECT_EQ(meter.take(Time{} + 1min, 1500), CounterEvent::none);
  EXPECT_EQ(meter.total(), 500);
}

}  // namespace
}  // namespace fettle::manipulation
