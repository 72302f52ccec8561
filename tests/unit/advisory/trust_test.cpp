#include "advisory/trust.hpp"

#include "advisory/mode_case.hpp"

#include <gtest/gtest.h>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Days year{365};

/// What was found at PUMP-01 and others, all at `start`.
Trust after(std::initializer_list<Conclusion> verdicts, std::string_view asset = "PUMP-01") {
  Trust trust;
  for (const auto verdict : verdicts) trust.learn(asset, "pump", "bearing-wear", verdict, start);
  return trust;
}

double precision(const Trust& trust, Time now = start) { return trust.precision(now, "pump", "bearing-wear"); }

Standing standing(const Trust& trust, Time now, std::string_view asset = "PUMP-01") {
  return trust.standing(now, asset, "pump", "bearing-wear");
}

TEST(Trust, begins_with_four_right_calls_out_of_five) {
  EXPECT_DOUBLE_EQ(precision({}), 0.8);
  EXPECT_FALSE(standing({}, start).doubted);
  EXPECT_EQ(standing({}, start).extra_evidence, 0);
}

TEST(Trust, follows_what_was_found) {
  EXPECT_DOUBLE_EQ(precision(after({Conclusion::confirmed})), 5.0 / 6);
  EXPECT_DOUBLE_EQ(precision(after({Conclusion::false_alarm})), 4.0 / 6);
  EXPECT_DOUBLE_EQ(precision(after({Conclusion::no_fault_found})), 4.0 / 6);
  EXPECT_DOUBLE_EQ(precision(after({Conclusion::wrong_mode})), 4.5 / 6);
  EXPECT_DOUBLE_EQ(precision(after({Conclusion::duplicate, Conclusion::self_cleared, Conclusion::expired})), 0.8);
}

TEST(Trust, doubts_a_mode_that_is_right_less_than_seven_times_in_ten_until_it_is_right_again) {
  EXPECT_TRUE(standing(after({Conclusion::false_alarm}), start).doubted);
  EXPECT_FALSE(standing(after({Conclusion::false_alarm, Conclusion::confirmed}), start).doubted);
}

TEST(Trust, forgets_half_in_a_year) {
  const auto trust = after({Conclusion::false_alarm});
  EXPECT_DOUBLE_EQ(precision(trust, start + year), 4.0 / 5.5);
  EXPECT_DOUBLE_EQ(precision(trust, start + 2 * year), 4.0 / 5.25);
  EXPECT_FALSE(standing(trust, start + year).doubted);
}

TEST(Trust, doubts_the_class_but_wants_more_evidence_of_that_machine_only) {
  const auto trust = after({Conclusion::no_fault_found});
  EXPECT_EQ(standing(trust, start + 1h).extra_evidence, 0.5);
  EXPECT_EQ(standing(trust, start + 1h, "PUMP-02").extra_evidence, 0);
  EXPECT_TRUE(standing(trust, start + 1h, "PUMP-02").doubted);
  EXPECT_FALSE(trust.standing(start + 1h, "PUMP-01", "chiller", "bearing-wear").doubted);
  EXPECT_FALSE(trust.standing(start + 1h, "PUMP-01", "pump", "seal-leak").doubted);
}

TEST(Trust, wants_more_evidence_for_90_days) {
  const auto trust = after({Conclusion::no_fault_found, Conclusion::false_alarm});
  EXPECT_EQ(standing(trust, start + Days{90} - 1h).extra_evidence, 1);
  EXPECT_EQ(standing(trust, start + Days{90}).extra_evidence, 0);
}

TEST(Trust, never_wants_so_much_that_nothing_would_be_heard) {
  Trust trust;
  for (int visit = 0; visit < 1000; ++visit) {
    trust.learn("PUMP-01", "pump", "bearing-wear", Conclusion::false_alarm, start + visit * 1h);
  }
  EXPECT_EQ(standing(trust, start + 1000h).extra_evidence, 2);
}

TEST(Trust, takes_a_visit_in_the_future_for_a_fresh_one) {
  const auto trust = after({Conclusion::false_alarm});
  EXPECT_DOUBLE_EQ(precision(trust, start - year), 4.0 / 6);
  EXPECT_EQ(standing(trust, start - year).extra_evidence, 0.5);
}

/// An indicator far beyond its warning limit of 2, with a clear trend.
std::optional<Alert> considered(const Standing& standing, double evidence, bool absolute) {
  SlotFacts facts;
  facts.asset = "PUMP-01";
  facts.mode = "bearing-wear";
  facts.horizon = 24h * 90;
  facts.severity = Severity::major;
  facts.customer_note = "note";
  ModeCase mode_case{facts, {{"PUMP-01/vibration", "", "Vibration", Quantity::velocity, 1h}}};
  for (int hour = 0; hour < 3; ++hour) {
    ModeHealth health;
    health.time = start + hour * 1h;
    health.value = 3;
    health.baseline = 1;
    health.warn = 2;
    health.limit = 5;
    health.index = 0.5;
    health.evidence = evidence;
    health.absolute = absolute;
    Prognosis prognosis;
    prognosis.made = health.time;
    prognosis.low = prognosis.mid = health.time + 480h;
    mode_case.consider(0, health, prognosis, standing);
  }
  return mode_case.episode().alert() == nullptr ? std::nullopt : std::optional{*mode_case.episode().alert()};
}

TEST(Standing, that_is_doubted_makes_a_prediction_for_information) {
  const auto alert = considered({0, true}, 10, false);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->kind, AlertKind::prediction);
  EXPECT_EQ(alert->severity, Severity::warning);
  EXPECT_EQ(alert->priority, 4);
  EXPECT_FALSE(dispatch_grade(*alert));
  EXPECT_EQ(alert->customer_note, "");
}

TEST(Standing, does_not_weaken_a_limit_that_nobody_had_to_learn) {
  EXPECT_EQ(considered({2, true}, 3.1, true)->severity, Severity::major);
}

TEST(Standing, raises_the_evidence_that_is_needed) {
  EXPECT_TRUE(considered({0, false}, 3.2, false));
  EXPECT_FALSE(considered({0.5, false}, 3.2, false));
  EXPECT_TRUE(considered({0.5, false}, 3.6, false));
}

TEST(Standing, that_is_doubted_stays_so_as_the_days_go_by) {
  SlotFacts facts;
  facts.asset = "PUMP-01";
  facts.mode = "bearing-wear";
  Episode episode{facts};
  Verdict verdict;
  verdict.kind = AlertKind::prediction;
  verdict.prognosis = Prognosis{{}, {}, start, start + 30h, start + 40h, start + 50h, 0.8, 0.9};
  episode.hold(start, verdict);
  EXPECT_EQ(episode.tick(start + 24h)->priority, 4);
}

}  // namespace
}  // namespace fettle::advisory
