#include "advisory/wording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr Time now{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

SlotFacts belt() {
  SlotFacts facts;
  facts.asset = "FAN-01";
  facts.part = "belt";
  return facts;
}

/// An indicator with a course of days, which ends with its value.
Verdict seen(std::optional<double> baseline, std::vector<double> course, Quantity quantity = Quantity::pressure) {
  EvidencePoint point;
  point.label = "Belt power";
  point.quantity = quantity;
  point.baseline = baseline;
  point.value = course.back();
  point.limit = 300;
  point.step = 24h;
  point.trend = std::move(course);
  Verdict verdict;
  verdict.kind = AlertKind::fault;
  verdict.priority = 3;
  verdict.health = 0.4;
  verdict.evidence = Evidence{now - 24h * static_cast<int>(point.trend.size()), now, 1, {std::move(point)}};
  return verdict;
}

std::string text(const Verdict& verdict) { return text_of(verdict, belt(), "", now); }

TEST(Wording, says_how_long_ago_a_value_was_last_near_its_baseline) {
  EXPECT_THAT(text(seen(100, {100, 101, 99, 110, 150, 180, 200})),
              HasSubstr("rose from 100.0 Pa to 200.0 Pa in 3 days;"));
  EXPECT_THAT(text(seen(300, {300, 250, 200})), HasSubstr("fell from 300.0 Pa to 200.0 Pa in 2 days;"));
}

TEST(Wording, says_no_span_that_nobody_has_seen) {
  EXPECT_THAT(text(seen(100, {150, 180, 200})), HasSubstr("rose from 100.0 Pa to 200.0 Pa; limit"));
  EXPECT_THAT(text(seen(100, {100})), Not(HasSubstr(" in ")));
  EXPECT_THAT(text(seen({}, {1, 2, 200})), HasSubstr("Belt power is 200.0 Pa; limit"));
}

TEST(Wording, calls_at_its_limit_only_what_is_there) {
  auto verdict = seen(100, {100, 200});
  EXPECT_EQ(title_of(verdict, belt(), "", now), "FAN-01 belt is beyond its warning limit");
  verdict.health = 0;
  EXPECT_EQ(title_of(verdict, belt(), "", now), "FAN-01 belt has reached its limit");
}

TEST(Wording, has_a_share_in_per_cent_and_no_other_number) {
  EXPECT_EQ(with_unit(0.5, Quantity::ratio), "50 %");
  EXPECT_EQ(with_unit(1.01, Quantity::number), "1.01");
  EXPECT_EQ(with_unit(120, Quantity::number), "120.0");
  EXPECT_EQ(with_unit(1.5, Quantity::acceleration), "1.500 m/s²");
}

}  // namespace
}  // namespace fettle::advisory
