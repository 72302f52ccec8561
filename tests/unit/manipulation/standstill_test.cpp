#include "sample_features.hpp"

#include <gtest/gtest.h>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

/// A thermometer of a machine that runs by day; at rest it may stand still for weeks.
class Thermometer {
 public:
  Thermometer() : feature_{made()} {}

  static std::unique_ptr<Feature> made() {
    FeatureSettings settings;
    settings.target = target_point;
    settings.every = 10min;
    settings.arguments = {point(power_point, 10min)};
    settings.gate = Input{state_point, 10min};
    settings.quantity = Quantity::temperature;
    settings.id = "SUB-1/return_temperature standstill";
    return Registry<Feature>::instance().find("standstill")->make(std::move(settings));
  }
  /// So many days in operation from six to eighteen, with a value that moves, or with one that stands from the first reading on.
  void live(int days, bool moves) {
    for (const auto end = now_ + 24h * days; now_ < end; now_ += 10min) {
      const auto hour = (now_ - std::chrono::floor<std::chrono::days>(now_)) / 1h;
      const bool runs = hour >= 6 && hour < 18;
      feature_->derive(runs ? good(state_point, now_, 1) : bad(state_point, now_, Reason::not_running));
      if (moves && runs) value_ = 40 + 0.1 * static_cast<double>(++count_ * 7 % 23);
      last_ = feature_->derive(good(power_point, now_, value_)).value();
      if (last_.is_good() && last_.value == 1 && !stuck_since_) stuck_since_ = now_;
    }
  }
  void restart() {
    const auto bytes = saved(*feature_);
    feature_ = made();
    ASSERT_TRUE(restored(*feature_, bytes));
  }
  const Reading& last() const { return last_; }
  std::optional<Time> stuck_since() const { return stuck_since_; }
  Time now() const { return now_; }

 private:
  std::unique_ptr<Feature> feature_;
  Time now_ = monday;
  double value_ = 40;
  int count_ = 0;
  Reading last_;
  std::optional<Time> stuck_since_;
};

TEST(Standstill, says_nothing_while_the_machine_rests) {
  Thermometer thermometer;
  thermometer.live(1, true);
  EXPECT_EQ(thermometer.last().reason, Reason::not_running);
}

TEST(Standstill, is_told_within_a_day_in_operation_though_the_value_stands_every_night) {
  Thermometer thermometer;
  thermometer.live(60, true);
  EXPECT_FALSE(thermometer.stuck_since());
  const auto frozen = thermometer.now();
  thermometer.live(2, false);
  ASSERT_TRUE(thermometer.stuck_since());
  EXPECT_LT(*thermometer.stuck_since() - frozen, 24h);
  EXPECT_GT(*thermometer.stuck_since() - frozen, 12h) << "six hours of the night count for nothing";
}

TEST(Standstill, goes_on_with_what_it_learned_after_a_restart) {
  Thermometer thermometer;
  thermometer.live(60, true);
  thermometer.restart();
  thermometer.live(1, false);
  EXPECT_TRUE(thermometer.stuck_since());
}

TEST(Standstill, knows_nothing_in_its_first_days) {
  Thermometer thermometer;
  thermometer.live(5, true);
  thermometer.live(3, false);
  EXPECT_FALSE(thermometer.stuck_since());
}

}  // namespace
}  // namespace fettle::manipulation
