#include "prognosis/trend.hpp"

#include "prognosis/history.hpp"

#include <gtest/gtest.h>
#include <array>
#include <cmath>

namespace fettle::prognosis {
namespace {

Samples rising(std::size_t count, double start, double slope) {
  Samples result;
  for (std::size_t at = 0; at < count; ++at) {
    const auto hours = static_cast<double>(at) * 6;
    result.add({hours, start + slope * hours});
  }
  return result;
}

TEST(TheilSenSlope, finds_the_slope_of_a_line) {
  EXPECT_NEAR(theil_sen_slope(rising(20, 0.1, 0.01).view()), 0.01, 1e-12);
}

TEST(TheilSenSlope, is_not_moved_by_a_fifth_of_wild_samples) {
  auto samples = rising(20, 0.1, 0.01);
  for (const std::size_t wild : {3U, 8U, 13U, 17U}) samples.storage.at(wild).value = -40;
  EXPECT_NEAR(theil_sen_slope(samples.view()), 0.01, 0.002);
}

TEST(TheilSenSlope, is_zero_without_two_moments) {
  EXPECT_EQ(theil_sen_slope(rising(1, 0.5, 1).view()), 0);
  EXPECT_EQ(theil_sen_slope({}), 0);
}

TEST(LineAt, carries_the_median_forward_along_the_slope) {
  EXPECT_NEAR(line_at(rising(9, 0.2, 0.01).view(), 0.01, 100), 1.2, 1e-12);
}

TEST(KendallTest, is_one_for_samples_that_only_rise) {
  const auto result = kendall(rising(10, 0, 1).view());
  EXPECT_DOUBLE_EQ(result.tau, 1);
  EXPECT_NEAR(result.z, (45 - 1) / std::sqrt(10.0 * 9 * 25 / 18), 1e-12);
}

TEST(KendallTest, is_negative_for_samples_that_fall_and_zero_for_equal_ones) {
  EXPECT_LT(kendall(rising(10, 0, -1).view()).z, -3);
  EXPECT_EQ(kendall(rising(10, 0.3, 0).view()).z, 0);
  EXPECT_EQ(kendall(rising(2, 0, 1).view()).z, 0);
}

TEST(FindOnset, is_where_a_level_stretch_ends) {
  Samples samples;
  for (std::size_t at = 0; at < 30; ++at) {
    const auto hours = static_cast<double>(at);
    samples.add({hours, at < 18 ? 0.05 : 0.05 + (hours - 17) * 0.07});
  }
  EXPECT_NEAR(static_cast<double>(find_onset(samples.view(), 8)), 18, 1);
}

TEST(FindOnset, is_the_beginning_of_a_rise_that_fills_the_samples) {
  EXPECT_LE(find_onset(rising(30, 0, 0.01).view(), 8), 1U);
  EXPECT_EQ(find_onset(rising(6, 0, 0.01).view(), 8), 0U);
}

TEST(WithoutSpikes, drops_single_ones_and_keeps_steps) {
  auto samples = rising(6, 0, 0);
  samples.storage[2].value = 5;
  EXPECT_EQ(without_spikes(samples.view()).storage[2].value, 0);
  samples.storage[3].value = samples.storage[4].value = samples.storage[5].value = 5;
  EXPECT_EQ(without_spikes(samples.view()).storage[2].value, 5);
}

TEST(HistoryTest, remembers_four_times_longer_on_each_scale) {
  History history;
  for (int update = 0; update < 4096; ++update) history.add(update * 3600, update);
  EXPECT_DOUBLE_EQ(history.samples(0).view().front().hours, 4096 - 32);
  EXPECT_NEAR(history.samples(1).view().front().hours, 4096 - 128, 4);
  EXPECT_NEAR(history.samples(3).view().front().hours, 4096 - 2048, 64);
  EXPECT_NEAR(history.samples(3).view().front().value, history.samples(3).view().front().hours, 1);
}

TEST(HistoryTest, keeps_a_spike_out_of_the_coarser_scales) {
  History history;
  for (int update = 0; update < 16; ++update) history.add(update * 3600, update % 4 == 1 ? 9 : 0.25);
  const auto samples = history.samples(1);
  for (const auto& sample : samples.view()) EXPECT_DOUBLE_EQ(sample.value, 0.25);
}

}  // namespace
}  // namespace fettle::prognosis
