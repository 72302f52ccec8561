#include "manipulation/stuck.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

/// A sensor that is read every ten minutes.
class Sensor {
 public:
  explicit Sensor(Quantity quantity, double resolution) : quantity_{quantity}, resolution_{resolution} {}

  bool shows(double value) {
    return stuck_.fits(10min, std::round(value / resolution_) * resolution_, nature_of(quantity_));
  }
  /// So many days, warm at day and calm at night; false if any reading was doubted.
  bool live(int days) {
    bool fits = true;
    for (int i = 0; i < 144 * days; ++i) {
      const double of_day = (i % 144) / 144.0;
      const double swing = of_day < 0.5 ? std::sin(of_day * 2 * 3.14159) * 3 : 0;
      fits = shows(20 + swing + noise_(random_)) && fits;
    }
    return fits;
  }
  /// How long it may stand at a value before it is doubted; at most so many days.
  Duration until_doubted(double value, int days) {
    for (int i = 0; i < 144 * days; ++i) {
      if (!shows(value)) return i * 10min;
    }
    return Duration::max();
  }
  Stuck& stuck() { return stuck_; }

 private:
  Quantity quantity_;
  double resolution_;
  Stuck stuck_;
  std::mt19937 random_{7};
  std::uniform_real_distribution<double> noise_{-0.1, 0.1};
};

TEST(Stuck, is_a_value_that_stands_for_far_longer_than_it_ever_did) {
  Sensor fine{Quantity::temperature, 0.1};
  EXPECT_TRUE(fine.live(30));
  const auto doubted = fine.until_doubted(20.3, 3);
  EXPECT_GE(doubted, 6h);
  EXPECT_LE(doubted, 12h);
}

TEST(Stuck, is_not_a_coarse_thermometer_at_night) {
  Sensor coarse{Quantity::temperature, 0.5};
  EXPECT_TRUE(coarse.live(60));
  EXPECT_GE(coarse.until_doubted(20, 6), 24h) << "two nights";
}

TEST(Stuck, says_nothing_within_two_weeks) {
  Sensor fresh{Quantity::temperature, 0.1};
  EXPECT_TRUE(fresh.live(12));
  EXPECT_TRUE(fresh.until_doubted(20.3, 300) > 24h);
}

TEST(Stuck, is_no_machine_at_rest_and_no_state) {
  Sensor power{Quantity::active_power, 0.01};
  EXPECT_TRUE(power.live(30));
  EXPECT_EQ(power.until_doubted(0, 100), Duration::max());
  Sensor position{Quantity::ratio, 0.01};
  EXPECT_TRUE(position.live(30));
  EXPECT_EQ(position.until_doubted(0.5, 100), Duration::max());
}

TEST(Stuck, is_no_machine_at_a_fixed_speed_that_is_measured_with_few_digits) {
  Sensor coarse{Quantity::current, 0.5};
  EXPECT_TRUE(coarse.live(30));
  EXPECT_EQ(coarse.until_doubted(20, 100), Duration::max());
}

TEST(Stuck, is_found_a_second_time) {
  Sensor sensor{Quantity::temperature, 0.1};
  EXPECT_TRUE(sensor.live(30));
  const auto first = sensor.until_doubted(20.3, 10);
  sensor.shows(35);
  sensor.live(10);
  EXPECT_LE(sensor.until_doubted(20.3, 10), first * 2);
}

TEST(Stuck, learns_that_it_was_only_calm) {
  Sensor sensor{Quantity::temperature, 0.1};
  EXPECT_TRUE(sensor.live(30));
  for (int holiday = 0; holiday < 2; ++holiday) {
    EXPECT_LT(sensor.until_doubted(20.3, 3), 3 * 24h);
    for (int i = 0; i < 2 * 144; ++i) sensor.shows(20.3);
    EXPECT_TRUE(sensor.shows(20.4)) << "it moves on by its usual step";
    sensor.live(1);
  }
  EXPECT_EQ(sensor.until_doubted(20.3, 4), Duration::max());
}

TEST(Stuck, does_not_count_what_happened_in_a_gap) {
  Sensor sensor{Quantity::temperature, 0.1};
  EXPECT_TRUE(sensor.live(30));
  sensor.until_doubted(20.3, 3);
  EXPECT_FALSE(sensor.shows(20.3));
  sensor.stuck().begin_anew();
  EXPECT_TRUE(sensor.shows(20.3));
}

TEST(Stuck, is_judged_after_a_restart_as_before) {
  Sensor before{Quantity::temperature, 0.1};
  before.live(30);
  StateWriter writer;
  before.stuck().save(writer);
  const auto bytes = writer.take();
  StateReader reader{bytes};
  Sensor after{Quantity::temperature, 0.1};
  ASSERT_TRUE(after.stuck().restore(reader));
  EXPECT_LE(after.until_doubted(20.3, 3), 12h);
}

}  // namespace
}  // namespace fettle::manipulation
