#include "sample_features.hpp"

#include <gmock/gmock.h>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

/// Shows a feature a value every minute.
class Minutes {
 public:
  Minutes(std::string_view kind, std::map<std::string, double> with)
      : kind_{kind}, with_{std::move(with)}, feature_{made()} {}

  std::unique_ptr<Feature> made() const { return make_feature(kind_, {point(state_point, 1min)}, with_); }
  Reading is(double value, int minutes = 1) {
    Reading last;
    for (int i = 0; i < minutes; ++i) last = feature_->derive(good(state_point, now_ += 1min, value)).value();
    return last;
  }
  /// There and back, at once.
  Reading swings(double from, double to, int times) {
    Reading last;
    for (int i = 0; i < times; ++i) {
      is(to);
      last = is(from);
    }
    return last;
  }
  Reading fails(int minutes) {
    Reading last;
    for (int i = 0; i < minutes; ++i) last = feature_->derive(bad(state_point, now_ += 1min, Reason::timeout)).value();
    return last;
  }
  void jump(Duration by) { now_ += by; }
  void restart() {
    const auto bytes = saved(*feature_);
    feature_ = made();
    ASSERT_TRUE(restored(*feature_, bytes));
  }
  Feature& feature() { return *feature_; }

 private:
  std::string kind_;
  std::map<std::string, double> with_;
  std::unique_ptr<Feature> feature_;
  Time now_ = monday;
};

TEST(Settled, says_a_state_when_it_has_lasted) {
  Minutes state{"settled", {{"minutes", 30}}};
  EXPECT_EQ(state.is(2, 30).reason, Reason::starting);
  EXPECT_EQ(state.is(2).value, 2);
  EXPECT_EQ(state.is(3).reason, Reason::starting);
  EXPECT_EQ(state.is(2).reason, Reason::starting);
  EXPECT_EQ(state.is(2, 30).value, 2);
}

TEST(Settled, is_not_disturbed_by_a_poll_that_is_missed) {
  Minutes state{"settled", {{"minutes", 30}}};
  state.is(1, 31);
  EXPECT_EQ(state.fails(2).reason, Reason::timeout);
  EXPECT_TRUE(state.is(1).is_good());
}

TEST(Settled, begins_anew_after_a_gap_or_a_clock_set_back) {
  Minutes state{"settled", {{"minutes", 30}}};
  state.is(1, 31);
  state.fails(3);
  EXPECT_EQ(state.is(1).reason, Reason::starting);
  EXPECT_TRUE(state.is(1, 30).is_good());
  state.jump(-10min);
  EXPECT_EQ(state.is(1).reason, Reason::starting);
}

TEST(Settled, goes_on_after_a_restart) {
  Minutes state{"settled", {{"minutes", 30}}};
  state.is(1, 20);
  state.restart();
  EXPECT_EQ(state.is(1, 10).reason, Reason::starting);
  EXPECT_EQ(state.is(1).value, 1);
}

TEST(Settled, refuses_what_it_never_saved) {
  Minutes state{"settled", {}};
  StateWriter writer;
  writer.put(1.0);
  writer.put(Time{Duration::max()});
  writer.put(Time{Duration::min()});
  EXPECT_FALSE(restored(state.feature(), writer.take()));
  EXPECT_FALSE(restored(state.feature(), {}));
}

TEST(Changes, are_counted_within_the_last_hours) {
  Minutes state{"changes", {{"hours", 1}}};
  EXPECT_EQ(state.is(1, 29).reason, Reason::too_few);
  EXPECT_EQ(state.is(1, 31).value, 0);
  EXPECT_EQ(state.swings(1, 2, 4).value, 8);
  EXPECT_EQ(state.is(1, 50).value, 8);
  EXPECT_EQ(state.is(1, 15).value, 0);
}

TEST(Changes, over_a_gap_are_none) {
  Minutes state{"changes", {}};
  state.is(1, 60);
  state.fails(10);
  EXPECT_EQ(state.is(2).value, 0);
  EXPECT_EQ(state.is(3).value, 1);
}

TEST(Changes, go_on_after_a_restart) {
  Minutes state{"changes", {}};
  state.is(1, 60);
  state.swings(1, 2, 2);
  state.restart();
  EXPECT_EQ(state.is(3).value, 5);
}

TEST(Changes, are_forgotten_when_the_machine_was_put_right) {
  Minutes state{"changes", {}};
  state.is(1, 60);
  state.swings(1, 2, 9);
  state.feature().start_anew();
  EXPECT_EQ(state.is(2, 60).value, 0);
}

TEST(Reversals, count_turns_and_neither_noise_nor_a_long_way) {
  Minutes valve{"reversals", {{"hours", 1}, {"by", 0.2}}};
  valve.is(0.5, 60);
  EXPECT_EQ(valve.swings(0.5, 0.6, 10).value, 0);
  for (double opening = 0.5; opening < 1; opening += 0.05) EXPECT_EQ(valve.is(opening).value, 0);
  // Down is the first turn, up again the second.
  EXPECT_EQ(valve.is(0.7).value, 1);
  EXPECT_EQ(valve.is(0.9).value, 2);
  EXPECT_EQ(valve.swings(0.9, 0.6, 3).value, 8);
}

TEST(Reversals, go_on_after_a_restart) {
  Minutes valve{"reversals", {}};
  valve.is(0.5, 60);
  valve.swings(0.5, 0.9, 2);
  const auto before = valve.is(0.5).value;
  valve.restart();
  EXPECT_EQ(valve.is(0.9).value, before + 1);
}

TEST(RecentMoves, refuse_what_they_never_saved) {
  for (const auto* const kind : {"changes", "reversals"}) {
    Minutes state{kind, {}};
    StateWriter writer;
    writer.put(Time{Duration::min()});
    EXPECT_FALSE(restored(state.feature(), writer.take()));
  }
}

TEST(RuleFeatures, refuse_what_they_cannot_be_made_of) {
  for (const auto* const kind : {"settled", "changes", "reversals"}) {
    EXPECT_THROW(make_feature(kind, {}), std::invalid_argument) << kind;
    EXPECT_THROW(make_feature(kind, {figure(1)}), std::invalid_argument) << kind;
    EXPECT_THROW(make_feature(kind, {point(state_point, 1min)}, {{"days", 1}}), std::invalid_argument) << kind;
  }
  EXPECT_THROW(make_feature("settled", {point(state_point, 1min)}, {{"minutes", 0}}), std::invalid_argument);
}

TEST(WithinHours, hands_on_what_is_of_those_hours_by_the_clock_on_the_wall) {
  FeatureSettings settings;
  settings.target = target_point;
  settings.arguments = {point(power_point, 1h)};
  settings.options = {{"from", 8}, {"to", 10}};
  settings.zone = std::make_shared<const Zone>(Zone::named("+03:00").value());
  const auto feature = Registry<Feature>::instance().find("within_hours")->make(std::move(settings));
  std::vector<int> hours;
  for (int hour = 0; hour < 24; ++hour) {
    const auto told = feature->derive(good(power_point, monday + hour * 1h, hour));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->point, target_point);
    if (told->is_good()) hours.push_back(static_cast<int>(told->value));
  }
  EXPECT_THAT(hours, testing::ElementsAre(5, 6));
  EXPECT_EQ(feature->derive(good(power_point, monday + 7h, 1))->reason, Reason::undefined);
  EXPECT_EQ(feature->derive(bad(power_point, monday + 6h, Reason::timeout))->reason, Reason::timeout);
}

TEST(WithinHours, refuses_hours_that_end_before_they_begin) {
  EXPECT_THROW(make_feature("within_hours", {point(power_point, 1min)}, {{"from", 17}, {"to", 7}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace fettle::manipulation
