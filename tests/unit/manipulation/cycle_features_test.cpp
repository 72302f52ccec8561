#include "sample_features.hpp"
#include "support/allocations.hpp"

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

constexpr double minute = 1.0 / 60;

/// A run state read every so often, and a power where it is asked for.
class Watched {
 public:
  explicit Watched(std::string_view kind, std::map<std::string, double> with = {}, Duration every = 1min,
                   bool power = false)
      : every_{every},
        feature_{make_feature(kind,
                              power ? std::vector{point(state_point, every), point(power_point, every)}
                                    : std::vector{point(state_point, every)},
                              std::move(with))} {}

  Reading reads(double on) {
    now_ += every_;
    return feature_->derive(good(state_point, now_, on)).value();
  }
  /// For a time.
  Reading is(double on, Duration span) {
    Reading last;
    for (const auto end = now_ + span; now_ < end;) last = reads(on);
    return last;
  }
  Reading draws(double on, double power, Duration span) {
    Reading last;
    for (const auto end = now_ + span; now_ < end;) {
      last = reads(on);
      feature_->derive(good(power_point, now_, power));
    }
    return last;
  }
  Reading cycles(int times, Duration run, Duration rest) {
    Reading last;
    for (int i = 0; i < times; ++i) {
      is(1, run);
      last = is(0, rest);
    }
    return last;
  }
  Reading fails() { return feature_->derive(bad(state_point, now_ += every_, Reason::timeout)).value(); }
  void jump(Duration by) { now_ += by; }
  Feature& feature() { return *feature_; }

 private:
  Duration every_;
  std::unique_ptr<Feature> feature_;
  Time now_ = monday;
};

TEST(StartsPerHour, is_the_rate_of_what_is_known_of_its_window) {
  Watched machine{"starts_per_hour", {{"hours", 24}}};
  EXPECT_EQ(machine.cycles(11, 20min, 40min).reason, Reason::too_few);
  EXPECT_NEAR(machine.cycles(2, 20min, 40min).value, 1, 0.1);
  EXPECT_NEAR(machine.cycles(48, 10min, 20min).value, 2, 0.05);
  EXPECT_EQ(machine.is(0, 25h).value, 0);
}

TEST(StartsPerHour, waits_again_after_a_long_gap) {
  Watched machine{"starts_per_hour", {{"hours", 4}}};
  EXPECT_TRUE(machine.cycles(8, 10min, 20min).is_good());
  machine.jump(24h);
  EXPECT_EQ(machine.is(1, 10min).reason, Reason::too_few);
  EXPECT_EQ(machine.fails().reason, Reason::timeout);
}

TEST(Duty, is_the_share_of_running) {
  Watched machine{"duty"};
  EXPECT_NEAR(machine.cycles(24, 15min, 45min).value, 0.25, 0.01);
}

TEST(ShortRuns, counts_those_alone_that_are_too_short) {
  Watched machine{"short_runs", {{"hours", 24}, {"minutes", 5}}};
  machine.is(0, 1min);
  machine.cycles(30, 4min, 20min);
  EXPECT_EQ(machine.cycles(6, 20min, 20min).value, 30);
  EXPECT_EQ(machine.is(1, 30h).value, 0);
}

TEST(ShortRuns, does_not_tell_from_readings_that_are_too_far_apart) {
  Watched machine{"short_runs", {{"minutes", 5}}, 5min};
  EXPECT_EQ(machine.cycles(200, 5min, 5min).reason, Reason::too_few);
}

TEST(RunLength, is_the_median_of_the_latest_runs) {
  Watched machine{"run_length", {{"runs", 5}}};
  EXPECT_EQ(machine.cycles(1, 10min, 7min).reason, Reason::too_few);
  machine.cycles(2, 60min, 7min);
  EXPECT_NEAR(machine.cycles(4, 10min, 7min).value, 10 * minute, 1e-9);
}

TEST(RunLength, is_not_told_by_readings_that_are_too_far_apart) {
  Watched machine{"run_length", {}, 5min};
  EXPECT_EQ(machine.cycles(20, 5min, 30min).reason, Reason::too_few);
  EXPECT_NEAR(machine.cycles(20, 15min, 30min).value, 15 * minute, 1e-9);
}

TEST(OffLength, is_the_median_of_the_latest_standstills) {
  Watched machine{"off_length"};
  machine.cycles(9, 10min, 7min);
  EXPECT_NEAR(machine.reads(1).value, 7 * minute, 1e-9);
}

TEST(CycleCounters, go_on_after_a_restart_and_keep_to_the_machine) {
  Watched before{"run_hours"};
  before.is(0, 1min);
  before.cycles(10, 30min, 30min);
  Watched after{"run_hours"};
  ASSERT_TRUE(restored(after.feature(), saved(before.feature())));
  EXPECT_EQ(after.feature().memory()->settings_hash(), 0U);
  EXPECT_NEAR(after.reads(0).value, 5, 1e-9);
  Watched starts{"starts"};
  starts.is(0, 1min);
  EXPECT_EQ(starts.cycles(10, 30min, 30min).value, 10);
}

TEST(CycleEnergy, is_what_was_drawn_between_start_and_stop) {
  Watched machine{"cycle_energy", {{"runs", 3}}, 1min, true};
  machine.draws(0, 0.1, 10min);
  for (int i = 0; i < 3; ++i) {
    machine.draws(1, 6, 30min);
    machine.draws(0, 0.1, 30min);
  }
  EXPECT_NEAR(machine.draws(0, 0.1, 1min).value, 3, 1e-9);
}

TEST(CycleEnergy, leaves_out_a_run_with_a_gap) {
  Watched machine{"cycle_energy", {{"runs", 3}}, 1min, true};
  machine.draws(0, 0, 10min);
  for (int i = 0; i < 3; ++i) {
    machine.draws(1, 6, 15min);
    machine.jump(1h);
    machine.draws(1, 6, 15min);
    machine.draws(0, 0, 30min);
  }
  EXPECT_EQ(machine.draws(0, 0, 1min).reason, Reason::too_few);
}

/// A direct start: seven times the steady power for a second, then less and less until it is steady after about `settles`.
void start(Watched& machine, Duration settles) {
  machine.draws(0, 0, 20s);
  machine.draws(1, 70, 1s);
  machine.draws(1, 20, settles - 1s);
  machine.draws(1, 10, 80s);
}

TEST(InrushRatio, is_the_peak_of_a_start_over_the_steady_power) {
  Watched machine{"inrush_ratio", {{"runs", 3}}, 1s, true};
  for (int i = 0; i < 3; ++i) start(machine, 4s);
  EXPECT_NEAR(machine.draws(0, 0, 1s).value, 7, 1e-9);
}

TEST(InrushRatio, is_not_told_by_slow_readings) {
  Watched machine{"inrush_ratio", {{"runs", 3}}, 5s, true};
  for (int i = 0; i < 5; ++i) start(machine, 10s);
  EXPECT_EQ(machine.draws(0, 0, 5s).reason, Reason::too_few);
}

TEST(StartDuration, ends_with_the_steady_power) {
  Watched machine{"start_duration", {{"runs", 3}}, 1s, true};
  for (int i = 0; i < 3; ++i) start(machine, 4s);
  EXPECT_NEAR(machine.draws(0, 0, 1s).value, 4.0 / 3600, 0.6 / 3600);
}

TEST(StartDuration, leaves_out_a_run_that_ended_within_its_first_minute) {
  Watched machine{"start_duration", {{"runs", 3}}, 1s, true};
  for (int i = 0; i < 5; ++i) {
    machine.draws(0, 0, 20s);
    machine.draws(1, 10, 40s);
  }
  EXPECT_EQ(machine.draws(0, 0, 1s).reason, Reason::too_few);
}

TEST(CycleFeatures, refuse_what_they_cannot_be_made_of) {
  for (const auto* kind :
       {"starts_per_hour", "duty", "short_runs", "run_length", "off_length", "starts", "run_hours"}) {
    EXPECT_THROW(make_feature(kind, {}), std::invalid_argument) << kind;
    EXPECT_THROW(make_feature(kind, {figure(1)}), std::invalid_argument) << kind;
    EXPECT_THROW(make_feature(kind, {point(state_point, 1min)}, {{"parsecs", 5}}), std::invalid_argument) << kind;
  }
  for (const auto* kind : {"cycle_energy", "inrush_ratio", "start_duration"}) {
    EXPECT_THROW(make_feature(kind, {point(state_point, 1min)}), std::invalid_argument) << kind;
  }
  EXPECT_THROW(make_feature("duty", {point(state_point, 1min)}, {{"hours", 0}}), std::invalid_argument);
}

/// Each feature that remembers, through a restart in the middle of a random life.
class AnyCycleFeature : public testing::TestWithParam<const char*> {
 protected:
  static std::unique_ptr<Feature> made() {
    const std::string kind = GetParam();
    const bool power = kind == "cycle_energy" || kind == "inrush_ratio" || kind == "start_duration";
    std::vector<Argument> of{point(state_point, 1s)};
    if (power) of.push_back(point(power_point, 1s));
    return make_feature(kind, std::move(of));
  }
  Reading next() {
    now_ += 1s;
    if (random_() % 90 == 0) on_ = 1 - on_;
    return random_() % 50 == 0 ? bad(state_point, now_, Reason::timeout) : good(state_point, now_, on_);
  }
  Reading rest() { return good(state_point, now_ += 1s, on_ = 0); }
  Reading power() const { return good(power_point, now_, on_ * (1 + 0.1 * to_hours(now_ - monday))); }

 private:
  std::mt19937 random_{9};
  Time now_ = monday;
  int on_ = 0;
};

TEST_P(AnyCycleFeature, goes_on_after_a_restart_as_if_nothing_had_been) {
  const auto before = made();
  for (int i = 0; i < 40'000; ++i) {
    before->derive(next());
    before->derive(power());
  }
  // The first minute of a start is not kept: a restart would leave a hole in it anyway.
  for (int i = 0; i < 100; ++i) before->derive(rest());
  const auto after = made();
  ASSERT_TRUE(restored(*after, saved(*before)));
  for (int i = 0; i < 5000; ++i) {
    const auto state = next();
    expect_same(after->derive(state), before->derive(state));
    after->derive(power());
    before->derive(power());
  }
  EXPECT_EQ(saved(*after), saved(*before));
}

TEST_P(AnyCycleFeature, stays_as_new_with_a_state_that_does_not_fit) {
  const auto feature = made();
  const auto fresh = saved(*feature);
  for (int i = 0; i < 1000; ++i) feature->derive(next());
  auto bytes = saved(*feature);
  bytes.pop_back();
  EXPECT_FALSE(restored(*feature, bytes));
  EXPECT_EQ(saved(*feature), fresh);
}

TEST_P(AnyCycleFeature, begins_anew_when_the_machine_was_put_right) {
  const auto feature = made();
  const auto fresh = saved(*feature);
  for (int i = 0; i < 1000; ++i) feature->derive(next());
  ASSERT_NE(saved(*feature), fresh);
  feature->start_anew();
  EXPECT_EQ(saved(*feature), fresh);
}

TEST_P(AnyCycleFeature, allocates_nothing_for_a_reading) {
  const auto feature = made();
  const auto before = test::allocations();
  for (int i = 0; i < 5000; ++i) {
    feature->derive(next());
    feature->derive(power());
  }
  EXPECT_EQ(test::allocations(), before);
}

INSTANTIATE_TEST_SUITE_P(Kinds, AnyCycleFeature,
                         testing::Values("starts_per_hour", "duty", "short_runs", "run_length", "off_length", "starts",
                                         "run_hours", "cycle_energy", "inrush_ratio", "start_duration"));

}  // namespace
}  // namespace fettle::manipulation
