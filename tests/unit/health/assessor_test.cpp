#include "health/assessor.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace fettle::health {
namespace {

Assessor rising() {
  return {AssetId{1}, ModeId{2}, {[](double b) { return 1.6 * b; }, [](double b) { return 2 * b; }}};
}

Finding finding(double value, double baseline) { return {PointId{3}, Time{}, "baseline_limit", 5, value, baseline}; }

TEST(Assessor, measures_the_way_from_the_baseline_to_the_limit) {
  const auto health = rising().assess(finding(150, 100));
  EXPECT_DOUBLE_EQ(health.index, 0.5);
  EXPECT_DOUBLE_EQ(health.warn, 160);
  EXPECT_DOUBLE_EQ(health.limit, 200);
  EXPECT_EQ(health.evidence, 5);
  EXPECT_EQ(health.asset, AssetId{1});
  EXPECT_EQ(health.mode, ModeId{2});
}

TEST(Assessor, stays_between_zero_and_a_little_over_one) {
  EXPECT_EQ(rising().assess(finding(50, 100)).index, 0);
  EXPECT_EQ(rising().assess(finding(500, 100)).index, 1.2);
  EXPECT_EQ(rising().assess(finding(std::numeric_limits<double>::quiet_NaN(), 100)).index, 0);
}

TEST(Assessor, is_at_the_limit_from_the_first_day_if_the_machine_was_worn_when_it_was_learned) {
  const Assessor fixed{AssetId{1}, ModeId{2}, {[](double) { return 2.8; }, [](double) { return 7.1; }}};
  const auto worn = fixed.assess(finding(8, 8));
  EXPECT_EQ(worn.index, 1.2);
  EXPECT_TRUE(beyond_warning(worn));
  const auto mended = fixed.assess(finding(1.5, 8));
  EXPECT_EQ(mended.index, 0);
  EXPECT_FALSE(beyond_warning(mended));
}

TEST(Assessor, follows_an_indicator_that_falls_towards_its_limit) {
  const Assessor falling{AssetId{1}, ModeId{2}, {[](double b) { return 0.9 * b; }, [](double b) { return 0.75 * b; }}};
  const auto health = falling.assess(finding(85, 100));
  EXPECT_DOUBLE_EQ(health.index, 0.6);
  EXPECT_TRUE(beyond_warning(health));
  EXPECT_FALSE(well_below_warning(health));
  EXPECT_TRUE(well_below_warning(falling.assess(finding(93, 100))));
}

TEST(Assessor, follows_an_indicator_that_falls_towards_an_absolute_limit) {
  const Assessor capacity{AssetId{1}, ModeId{2}, {[](double) { return 0.9; }, [](double) { return 0.8; }, true}};
  const auto share = [&capacity](double value) {
    return capacity.assess({PointId{3}, Time{}, "baseline_limit", 0, value, 0});
  };
  EXPECT_DOUBLE_EQ(share(1.0).index, 0);
  EXPECT_DOUBLE_EQ(share(0.9).index, 0.5);
  EXPECT_NEAR(share(0.8).index, 1, 1e-12);
  EXPECT_TRUE(well_below_warning(share(0.95)));
  EXPECT_FALSE(well_below_warning(share(0.91)));
  EXPECT_FALSE(well_below_warning(share(0.85)));
}

TEST(Assessor, takes_zero_for_sound_where_an_absolute_limit_leaves_room_for_it) {
  const Assessor loss{AssetId{1}, ModeId{2}, {[](double) { return -2.0; }, [](double) { return -6.0; }, true}};
  EXPECT_DOUBLE_EQ(loss.assess({PointId{3}, Time{}, "baseline_limit", 0, 0, 0}).index, 0);
  EXPECT_DOUBLE_EQ(loss.assess({PointId{3}, Time{}, "baseline_limit", 0, -3, 0}).index, 0.5);
}

TEST(Assessor, leaves_a_gap_between_beyond_and_well_below_the_warning) {
  EXPECT_TRUE(beyond_warning(rising().assess(finding(160, 100))));
  const auto between = rising().assess(finding(155, 100));
  EXPECT_FALSE(beyond_warning(between));
  EXPECT_FALSE(well_below_warning(between));
  EXPECT_TRUE(well_below_warning(rising().assess(finding(147, 100))));
}

TEST(Assessor,
     calls_well_what_is_below_an_absolute_warning_by_a_fifth_of_the_way_to_the_limit_if_that_is_nearer_than_zero) {
  const Assessor room{AssetId{1}, ModeId{2}, {[](double) { return 6.0; }, [](double) { return 8.0; }, true}};
  const auto at = [&room](double degrees) {
    return room.assess({PointId{3}, Time{}, "baseline_limit", 0, degrees, 0});
  };
  EXPECT_FALSE(well_below_warning(at(5.7)));
  EXPECT_TRUE(well_below_warning(at(5.3)));
  const Assessor share{AssetId{1}, ModeId{2}, {[](double) { return 0.1; }, [](double) { return 0.9; }, true}};
  EXPECT_FALSE(well_below_warning(share.assess({PointId{3}, Time{}, "baseline_limit", 0, 0.085, 0})));
  EXPECT_TRUE(well_below_warning(share.assess({PointId{3}, Time{}, "baseline_limit", 0, 0.075, 0})));
}

TEST(Assessor, is_certain_beyond_an_absolute_limit) {
  const Assessor absolute{AssetId{1}, ModeId{2}, {[](double) { return 0.02; }, [](double) { return 0.05; }, true}};
  EXPECT_EQ(absolute.assess({PointId{3}, Time{}, "baseline_limit", 0, 0.03, 0}).evidence, 16);
  EXPECT_EQ(absolute.assess({PointId{3}, Time{}, "baseline_limit", 0, 0.01, 0}).evidence, 0);
}

}  // namespace
}  // namespace fettle::health
