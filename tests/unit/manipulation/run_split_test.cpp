#include "manipulation/run_split.hpp"

#include "sample_features.hpp"

#include <cmath>
#include <numbers>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

/// Power for so many minutes, one reading a minute; gives back how many of them were on.
class Machine {
 public:
  explicit Machine(double rated = 0) : split_{rated} {}

  int draws(double power, int minutes) {
    int on = 0;
    for (int i = 0; i < minutes; ++i) on += told(power).value_or(false) ? 1 : 0;
    return on;
  }
  std::optional<bool> told(double power) { return split_.take(now_ += 1min, power); }
  RunSplit& split() { return split_; }

 private:
  RunSplit split_;
  Time now_ = monday;
};

TEST(RunSplit, finds_standby_and_running_as_soon_as_it_has_seen_both) {
  Machine machine;
  EXPECT_EQ(machine.told(0.12), std::nullopt);
  machine.draws(0.12, 40);
  EXPECT_EQ(machine.draws(3, 2), 0);
  EXPECT_EQ(machine.told(3), true);
  EXPECT_EQ(machine.told(0.12), false);
}

TEST(RunSplit, keeps_its_state_between_the_thresholds) {
  Machine machine;
  machine.draws(1, 90);
  machine.draws(100, 90);
  // What lies below 2 kW is all the same; half way of the logarithm from there is 14 kW, 30 % of it 6.5 kW.
  EXPECT_EQ(machine.told(8), true);
  EXPECT_EQ(machine.told(5.5), false);
  EXPECT_EQ(machine.told(12), false);
  EXPECT_EQ(machine.told(17), true);
}

TEST(RunSplit, takes_a_machine_that_never_stops_for_running_after_a_day) {
  Machine machine;
  EXPECT_EQ(machine.draws(2.2, 24 * 60), 0);
  EXPECT_EQ(machine.draws(2.2, 60), 60);
  EXPECT_EQ(machine.told(0), false);
}

TEST(RunSplit, takes_a_machine_that_never_drew_anything_for_standing) {
  Machine machine;
  machine.draws(0, 25 * 60);
  EXPECT_EQ(machine.told(0), false);
}

TEST(RunSplit, knows_a_machine_that_never_ran_by_its_rated_power) {
  Machine machine{7.5};
  EXPECT_EQ(machine.told(0.12), false);
  // An oil heater that comes and goes is no run.
  for (int hour = 0; hour < 48; ++hour) EXPECT_EQ(machine.draws(0.02, 30) + machine.draws(0.5, 30), 0);
  EXPECT_EQ(machine.told(5), true);
}

TEST(RunSplit, does_not_cut_the_speeds_of_a_converter_in_two) {
  std::mt19937 random{5};
  std::uniform_real_distribution<double> speed{0.4, 1};
  Machine machine{7.5};
  int on = 0;
  for (int i = 0; i < 5000; ++i) on += machine.told(7 * std::pow(speed(random), 3)).value_or(false) ? 1 : 0;
  EXPECT_GT(on, 4900);
}

TEST(RunSplit, finds_a_rare_standstill_beside_many_speeds) {
  std::mt19937 random{6};
  std::uniform_real_distribution<double> speed{0.4, 1};
  Machine machine;
  int wrong = 0;
  for (int i = 0; i < 20'000; ++i) {
    const bool runs = i % 1000 >= 10;
    const auto told = machine.told(runs ? 7 * std::pow(speed(random), 3) : 0.1);
    if (i > 2000 && told != runs) ++wrong;
  }
  EXPECT_EQ(wrong, 0);
}

TEST(RunSplit, takes_both_stages_of_a_compressor_for_running) {
  Machine machine;
  for (int i = 0; i < 50; ++i) {
    machine.draws(0.3, 60);
    machine.draws(11, 20);
    machine.draws(22, 20);
  }
  EXPECT_EQ(machine.told(11), true);
  EXPECT_EQ(machine.told(22), true);
  EXPECT_EQ(machine.told(0.3), false);
}

TEST(RunSplit, is_as_good_with_a_reading_every_five_minutes) {
  RunSplit split;
  Time now = monday;
  int wrong = 0;
  for (int i = 0; i < 2000; ++i) {
    const bool runs = i % 7 < 3;
    const auto told = split.take(now += 5min, runs ? 4.0 : 0.2);
    if (i > 30 && told != runs) ++wrong;
  }
  EXPECT_EQ(wrong, 0);
}

TEST(RunSplit, keeps_what_it_knows_over_a_season_of_rest) {
  Machine machine;
  for (int i = 0; i < 20; ++i) machine.draws(30, 60), machine.draws(1, 60);
  machine.draws(1, 300 * 24 * 60);
  EXPECT_EQ(machine.told(30), true);
}

TEST(RunSplit, gives_up_a_split_that_more_readings_blur) {
  Machine machine;
  machine.draws(1, 30);
  machine.draws(6, 30);
  EXPECT_EQ(machine.told(1), false);
  std::mt19937 random{7};
  std::uniform_real_distribution<double> level{std::log(1.0), std::log(6.0)};
  for (int i = 0; i < 5000; ++i) machine.told(std::exp(level(random)));
  EXPECT_EQ(machine.told(1), true);
}

TEST(RunSplit, survives_powers_that_no_machine_has) {
  Machine machine;
  for (const double power : {1e12, -1e12, 1e300, 0.0, -5.0, 1e-300}) machine.draws(power, 20);
  EXPECT_EQ(machine.told(-5), false);
}

TEST(RunSplit, goes_on_when_the_clock_is_set_back) {
  RunSplit split;
  for (int i = 0; i < 40; ++i) split.take(monday + 400 * 24h + i * 1min, 0.1);
  for (int i = 0; i < 40; ++i) split.take(monday + i * 1min, 5);
  EXPECT_EQ(split.take(monday + 1h, 5), true);
  EXPECT_EQ(split.take(monday + 1h, 0.1), false);
}

TEST(OnOff, says_why_it_knows_nothing) {
  const auto feature = make_feature("on_off", {point(power_point, 1min)});
  EXPECT_EQ(feature->derive(good(power_point, monday, 3))->reason, Reason::not_learned);
  EXPECT_EQ(feature->derive(bad(power_point, monday, Reason::timeout))->reason, Reason::timeout);
}

TEST(OnOff, refuses_what_it_cannot_be_made_of) {
  EXPECT_THROW(make_feature("on_off", {}), std::invalid_argument);
  EXPECT_THROW(make_feature("on_off", {figure(3)}), std::invalid_argument);
  EXPECT_THROW(make_feature("on_off", {point(power_point, 1min), point(third_point, 1min)}), std::invalid_argument);
  EXPECT_THROW(make_feature("on_off", {point(power_point, 1min)}, {{"hours", 3}}), std::invalid_argument);
}

TEST(OnOff, goes_on_after_a_restart_as_if_nothing_had_been) {
  const auto before = make_feature("on_off", {point(power_point, 1min)});
  std::mt19937 random{8};
  std::uniform_real_distribution<double> level{-3, 3};
  Time now = monday;
  const auto next = [&] { return good(power_point, now += 1min, std::exp(level(random))); };
  for (int i = 0; i < 500; ++i) before->derive(next());
  const auto after = make_feature("on_off", {point(power_point, 1min)});
  ASSERT_TRUE(restored(*after, saved(*before)));
  for (int i = 0; i < 500; ++i) {
    const auto reading = next();
    expect_same(after->derive(reading), before->derive(reading));
  }
  EXPECT_EQ(saved(*after), saved(*before));
}

TEST(OnOff, stays_as_new_with_a_state_that_does_not_fit) {
  const auto feature = make_feature("on_off", {point(power_point, 1min)});
  auto bytes = saved(*feature);
  bytes.pop_back();
  EXPECT_FALSE(restored(*feature, bytes));
  bytes.insert(bytes.end(), 2, std::byte{0});
  EXPECT_FALSE(restored(*feature, bytes));
  EXPECT_EQ(feature->derive(good(power_point, monday, 3))->reason, Reason::not_learned);
}

}  // namespace
}  // namespace fettle::manipulation
