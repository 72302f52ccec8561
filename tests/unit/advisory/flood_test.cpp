#include "advisory/flood.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

FloodGate gate(int limit = 6) {
  SlotFacts facts;
  facts.asset = "gw-0042";
  facts.mode = "alert-flood";
  facts.severity = Severity::major;
  return {facts, limit};
}

Alert fresh(int number, Severity severity = Severity::warning) {
  Alert alert;
  alert.asset = fmt::format("FAN-{}", number);
  alert.mode = "wear";
  alert.id = fmt::format("id-{}", number);
  alert.rev = 1;
  alert.severity = severity;
  alert.raised_at = alert.changed_at = start + number * 1s;
  return alert;
}

Alert next(Alert alert) {
  ++alert.rev;
  return alert;
}

/// Slots and revisions: "FAN-1/wear 2".
std::vector<std::string> told(const std::vector<Alert>& alerts) {
  std::vector<std::string> result;
  for (const auto& alert : alerts) result.push_back(fmt::format("{} {}", alert.slot(), alert.rev));
  return result;
}

/// So many new small alerts at `now`, numbered from 1; how many of them passed.
std::size_t flood(FloodGate& gate, Time now, int count) {
  std::vector<Alert> alerts;
  for (int number = 1; number <= count; ++number) alerts.push_back(fresh(number));
  return gate.admit(now, std::move(alerts)).size();
}

TEST(FloodGate, lets_so_many_new_alerts_pass_in_an_hour_and_holds_the_rest) {
  auto flooded = gate();
  EXPECT_EQ(flood(flooded, start, 10), 6U);
  EXPECT_EQ(flooded.held().size(), 4U);
}

TEST(FloodGate, never_holds_what_is_major_or_critical) {
  auto flooded = gate();
  flood(flooded, start, 10);
  EXPECT_THAT(told(flooded.admit(start + 1min, {fresh(20, Severity::critical), fresh(21, Severity::major),
                                                fresh(22, Severity::minor)})),
              ElementsAre("FAN-20/wear 1", "FAN-21/wear 1"));
}

TEST(FloodGate, counts_the_big_ones_as_well) {
  auto flooded = gate(2);
  flooded.admit(start, {fresh(1, Severity::critical), fresh(2, Severity::major)});
  EXPECT_THAT(told(flooded.admit(start + 1min, {fresh(3)})), IsEmpty());
}

TEST(FloodGate, lets_revisions_of_what_has_passed_pass) {
  auto flooded = gate(1);
  flood(flooded, start, 3);
  EXPECT_THAT(told(flooded.admit(start + 1min, {next(fresh(1)), next(fresh(2))})), ElementsAre("FAN-1/wear 2"));
}

TEST(FloodGate, lets_go_in_the_latest_revision_when_the_rate_allows) {
  auto flooded = gate(1);
  flood(flooded, start, 3);
  flooded.admit(start + 1min, {next(fresh(3)), next(next(fresh(2)))});
  const auto summary = flooded.tick(start + 59min);
  EXPECT_THAT(told(summary), ElementsAre("gw-0042/alert-flood 1"));
  EXPECT_THAT(told(flooded.tick(start + 60min)), ElementsAre("FAN-2/wear 3", "gw-0042/alert-flood 2"));
  EXPECT_THAT(told(flooded.tick(start + 61min)), IsEmpty());
  EXPECT_THAT(told(flooded.tick(start + 120min)), ElementsAre("FAN-3/wear 2", "gw-0042/alert-flood 3"));
}

TEST(FloodGate, lets_the_worse_go_first) {
  auto flooded = gate(1);
  flooded.admit(start, {fresh(1), fresh(2), fresh(3, Severity::minor)});
  EXPECT_THAT(told(flooded.tick(start + 60min)), testing::Contains("FAN-3/wear 1"));
}

TEST(FloodGate, lets_go_at_once_what_becomes_worse) {
  auto flooded = gate(1);
  flood(flooded, start, 3);
  auto worse = next(fresh(2));
  worse.severity = Severity::major;
  EXPECT_THAT(told(flooded.admit(start + 1min, {worse})), ElementsAre("FAN-2/wear 2"));
  EXPECT_EQ(flooded.held().size(), 1U);
}

TEST(FloodGate, never_tells_of_what_was_closed_while_it_waited) {
  auto flooded = gate(1);
  flood(flooded, start, 2);
  auto closed = next(fresh(2));
  closed.state = AlertState::closed;
  EXPECT_THAT(flooded.admit(start + 1min, {closed}), IsEmpty());
  EXPECT_THAT(flooded.held(), IsEmpty());
  EXPECT_THAT(flooded.tick(start + 2h), IsEmpty());
}

TEST(FloodGate, keeps_what_is_cleared_until_it_returns) {
  auto flooded = gate(1);
  flood(flooded, start, 2);
  auto cleared = next(fresh(2));
  cleared.state = AlertState::cleared;
  flooded.admit(start + 1min, {cleared});
  EXPECT_THAT(flooded.tick(start + 2h), IsEmpty());
  EXPECT_THAT(told(flooded.admit(start + 3h, {next(next(fresh(2)))})), IsEmpty());
  EXPECT_THAT(told(flooded.tick(start + 3h)), ElementsAre("FAN-2/wear 3"));
}

TEST(FloodGate, names_count_and_slots_and_clears_when_nothing_is_held) {
  auto flooded = gate();
  flood(flooded, start, 30);
  const auto news = flooded.tick(start + 1min);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news[0].slot(), "gw-0042/alert-flood");
  EXPECT_EQ(news[0].kind, AlertKind::system);
  EXPECT_THAT(news[0].title, HasSubstr("24 small alerts"));
  EXPECT_THAT(news[0].text, HasSubstr("FAN-7/wear, FAN-8/wear"));
  EXPECT_THAT(news[0].text, HasSubstr("and 12 more"));
  EXPECT_LE(news[0].text.size(), 1000U);
  std::vector<Alert> last;
  for (auto now = start + 1h; now < start + 5h; now += 1min) {
    if (auto alerts = flooded.tick(now); !alerts.empty()) last = std::move(alerts);
  }
  EXPECT_EQ(last.back().slot(), "gw-0042/alert-flood");
  EXPECT_EQ(last.back().state, AlertState::cleared);
}

TEST(FloodGate, does_not_stay_shut_when_the_clock_is_set_back) {
  auto flooded = gate(1);
  flood(flooded, start, 2);
  EXPECT_THAT(told(flooded.tick(start - 24h)), ElementsAre("FAN-2/wear 1"));
}

TEST(FloodGate, goes_on_with_its_own_alert_after_a_restart) {
  auto before = gate(1);
  flood(before, start, 2);
  const auto alert = before.tick(start + 1min).at(0);
  auto after = gate(1);
  EXPECT_FALSE(after.restore(fresh(1)));
  EXPECT_TRUE(after.restore(alert));
  const auto cleared = after.tick(start + 2min).at(0);
  EXPECT_EQ(cleared.id, alert.id);
  EXPECT_EQ(cleared.state, AlertState::cleared);
}

}  // namespace
}  // namespace fettle::advisory
