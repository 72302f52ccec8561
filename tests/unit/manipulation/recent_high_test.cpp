#include "sample_features.hpp"

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

/// Shows the feature a value every hour.
class Hours {
 public:
  explicit Hours(std::map<std::string, double> with) : with_{std::move(with)}, feature_{made()} {}

  Reading is(double value, int hours = 1) {
    Reading last;
    for (int i = 0; i < hours; ++i) last = feature_->derive(good(state_point, now_ += 1h, value)).value();
    return last;
  }
  Reading rests() { return feature_->derive(bad(state_point, now_ += 1h, Reason::not_running)).value(); }
  void set_back(Duration by) { now_ -= by; }
  void restart() {
    const auto bytes = saved(*feature_);
    feature_ = made();
    ASSERT_TRUE(restored(*feature_, bytes));
  }
  Feature& feature() { return *feature_; }

 private:
  std::unique_ptr<Feature> made() const { return make_feature("recent_high", {point(state_point, 1h)}, with_); }

  std::map<std::string, double> with_;
  std::unique_ptr<Feature> feature_;
  Time now_ = monday;
};

TEST(RecentHigh, is_what_a_small_share_of_the_hours_exceed) {
  Hours vibration{{{"hours", 100}, {"share", 0.1}}};
  vibration.is(1, 89);
  EXPECT_EQ(vibration.is(3, 9).value, 1);
  EXPECT_EQ(vibration.is(3, 2).value, 3);
}

TEST(RecentHigh, forgets_what_is_older_than_its_hours) {
  Hours vibration{{{"hours", 24}, {"share", 0.1}}};
  vibration.is(3, 24);
  EXPECT_EQ(vibration.is(1, 21).value, 3);
  EXPECT_EQ(vibration.is(1, 3).value, 1);
}

TEST(RecentHigh, says_nothing_of_a_few_hours_and_at_rest) {
  Hours vibration{{}};
  EXPECT_EQ(vibration.is(1, 11).reason, Reason::too_few);
  EXPECT_EQ(vibration.rests().reason, Reason::not_running);
  EXPECT_TRUE(vibration.is(1).is_good());
}

TEST(RecentHigh, goes_on_after_a_restart) {
  Hours vibration{{}};
  vibration.is(2, 20);
  vibration.restart();
  EXPECT_EQ(vibration.is(1).value, 2);
}

TEST(RecentHigh, begins_anew_after_a_repair_and_when_the_clock_was_set_back) {
  Hours vibration{{}};
  vibration.is(2, 20);
  vibration.feature().start_anew();
  EXPECT_EQ(vibration.is(1, 12).value, 1);
  vibration.set_back(48h);
  EXPECT_EQ(vibration.is(3).reason, Reason::too_few);
}

TEST(RecentHigh, refuses_what_it_never_saved) {
  Hours vibration{{}};
  StateWriter writer;
  writer.put(std::vector<double>(5, 1.0));
  EXPECT_FALSE(restored(vibration.feature(), writer.take()));
}

TEST(RecentHigh, refuses_what_it_cannot_be_made_of) {
  EXPECT_THROW(make_feature("recent_high", {}), std::invalid_argument);
  EXPECT_THROW(make_feature("recent_high", {point(state_point, 1min)}), std::invalid_argument);
  EXPECT_THROW(make_feature("recent_high", {point(state_point, 1h)}, {{"hours", 1}}), std::invalid_argument);
  EXPECT_THROW(make_feature("recent_high", {point(state_point, 1h)}, {{"days", 7}}), std::invalid_argument);
}

}  // namespace
}  // namespace fettle::manipulation
