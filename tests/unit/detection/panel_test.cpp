#include "detection/panel.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "support/allocations.hpp"

namespace fettle::detection {
namespace {

constexpr std::int64_t start = 1'780'272'000, period = 300;  // 2026-06-01, a Monday

/// Days of something that follows the hour, with noise: the same for the same seed.
std::vector<double> days_of_readings(int days, unsigned seed = 1) {
  std::mt19937 random{seed};
  std::normal_distribution<double> noise{0, 0.5};
  std::vector<double> values;
  for (int reading = 0; reading < days * 288; ++reading)
    values.push_back(20 + 5 * std::sin(2 * 3.14159265358979 * reading / 288) + noise(random));
  return values;
}

std::vector<double> judge_all(Panel& panel, const std::vector<double>& values, std::size_t first = 0) {
  std::vector<double> scores;
  for (std::size_t place = 0; place < values.size(); ++place)
    scores.push_back(panel.judge(start + static_cast<std::int64_t>(first + place) * period, values[place]));
  return scores;
}

Bytes state_of(const Panel& panel) {
  StateWriter writer;
  panel.save(writer);
  return writer.take();
}

TEST(Panel, is_sure_of_a_value_far_beyond_all_before) {
  Panel panel;
  judge_all(panel, days_of_readings(14));
  EXPECT_GT(panel.judge(start + 14 * 86400, 60), 5.5);
  EXPECT_THAT(panel.explain(), testing::ContainsRegex("60 is .* more than any of 4[0-9]+ before"));
}

TEST(Panel, finds_what_is_usual_at_another_hour) {
  Panel panel;
  judge_all(panel, days_of_readings(21));
  double highest = 0;
  for (int reading = 0; reading < 24; ++reading)
    highest =
        std::max(highest, panel.judge(start + 21 * 86400 + (216 + reading) * period, 25));  // 18:00 is the coldest
  EXPECT_GT(highest, 3.5);
}

TEST(Panel, finds_a_value_that_stays_where_it_is) {
  Panel panel;
  judge_all(panel, days_of_readings(14));
  double highest = 0;
  for (int reading = 0; reading < 288; ++reading)
    highest = std::max(highest, panel.judge(start + 14 * 86400 + reading * period, 24.8));
  EXPECT_GT(highest, 4);
}

TEST(Panel, is_seldom_alarmed_by_what_goes_on_as_before) {
  int alarms = 0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Panel panel;
    const auto scores = judge_all(panel, days_of_readings(60, seed));
    alarms +=
        static_cast<int>(std::count_if(scores.begin() + 14 * 288, scores.end(), [](double each) { return each > 5; }));
  }
  EXPECT_LE(alarms, 2) << "in 230 days";
}

TEST(Panel, claims_nothing_of_its_first_readings) {
  Panel panel;
  for (const auto score : judge_all(panel, {1, 1000, -1000, 5, 1e12, 3, 7, 1e-12, 4, 2})) EXPECT_EQ(score, 0);
}

/// Cut anywhere, restored or not, the scores are the same to the bit.
TEST(Panel, goes_on_after_a_restart_as_if_nothing_had_been) {
  const auto values = days_of_readings(4);
  Panel whole;
  const auto expected = judge_all(whole, values);
  for (const std::size_t cut : {0U, 1U, 5U, 30U, 47U, 95U, 299U, 300U, 301U, 302U, 700U, 1151U}) {
    Panel before;
    const std::vector<double> head{values.begin(), values.begin() + static_cast<std::ptrdiff_t>(cut)};
    const std::vector<double> tail{values.begin() + static_cast<std::ptrdiff_t>(cut), values.end()};
    auto scores = judge_all(before, head);
    const auto bytes = state_of(before);
    Panel after;
    StateReader reader{bytes};
    ASSERT_TRUE(after.restore(reader)) << cut;
    EXPECT_TRUE(reader.complete()) << cut;
    for (const auto score : judge_all(after, tail, cut)) scores.push_back(score);
    EXPECT_EQ(scores, expected) << cut;
    EXPECT_EQ(state_of(after), state_of(whole)) << cut;
  }
}

TEST(Panel, is_as_new_after_a_state_that_is_cut_short) {
  Panel panel;
  judge_all(panel, days_of_readings(2));
  const auto bytes = state_of(panel);
  for (const std::size_t size : {std::size_t{0}, std::size_t{8}, bytes.size() / 2, bytes.size() - 1}) {
    StateReader reader{std::span{bytes}.first(size)};
    EXPECT_FALSE(panel.restore(reader));
    EXPECT_EQ(state_of(panel), state_of(Panel{})) << size;
  }
}

/// Whatever the bits of a restored state are, scores stay numbers.
TEST(Panel, survives_a_state_of_flipped_bits) {
  Panel panel;
  const auto values = days_of_readings(3);
  judge_all(panel, values);
  const auto bytes = state_of(panel);
  std::mt19937 random{7};
  for (int turn = 0; turn < 200; ++turn) {
    auto spoilt = bytes;
    for (int flip = 0; flip < 4; ++flip)
      spoilt[random() % spoilt.size()] ^= static_cast<std::byte>(1U << (random() % 8));
    Panel other;
    StateReader reader{spoilt};
    other.restore(reader);
    for (const auto score : judge_all(other, {21, 22, -5, 1e12, 24}, 864))
      ASSERT_TRUE(score >= 0 && std::isfinite(score));
  }
}

TEST(Panel, does_not_look_at_what_is_no_number) {
  Panel panel;
  judge_all(panel, days_of_readings(2));
  const auto before = state_of(panel);
  EXPECT_EQ(panel.judge(start, std::numeric_limits<double>::quiet_NaN()), 0);
  EXPECT_EQ(panel.judge(start, std::numeric_limits<double>::infinity()), 0);
  EXPECT_EQ(state_of(panel), before);
}

class Streams : public testing::TestWithParam<std::vector<double>> {};

TEST_P(Streams, of_any_kind_give_finite_scores) {
  Panel panel;
  const auto& values = GetParam();
  for (int turn = 0; turn < 2000; ++turn) {
    const double value = values[static_cast<std::size_t>(turn) % values.size()];
    const double score = panel.judge(start - turn * 977 + (turn % 3) * 86400L * 400, value);
    ASSERT_TRUE(score >= 0 && std::isfinite(score)) << turn;
  }
}

INSTANTIATE_TEST_SUITE_P(Panel, Streams,
                         testing::Values(std::vector<double>{5.0}, std::vector<double>{0.0}, std::vector<double>{0, 1},
                                         std::vector<double>{1e12, -1e12, 3}, std::vector<double>{1e300, -1e300},
                                         std::vector<double>{5e-324, 0}, std::vector<double>{1, 2, 3, 4, 5, 1e9}));

TEST(Panel, costs_no_allocation_once_it_is_warm) {
  Panel panel;
  const auto values = days_of_readings(4);
  judge_all(panel, values);
  const auto before = test::allocations();
  for (const auto value : values) panel.judge(start, value);
  EXPECT_EQ(test::allocations(), before);
}

TEST(Panel, keeps_its_state_small) { EXPECT_LE(state_of(Panel{}).size(), 24U * 1024U); }

}  // namespace
}  // namespace fettle::detection
