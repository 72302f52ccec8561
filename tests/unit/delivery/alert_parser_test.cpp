#include "delivery/alert_document.hpp"

#include "sample_alerts.hpp"

#include <gtest/gtest.h>
#include <cmath>

namespace fettle::delivery {
namespace {

using test::closed;
using test::sample_prediction;
using test::treated;

std::string document_of(const Alert& alert) {
  return alert_document(alert, test::sample_asset(), test::sample_gateway(), 5512);
}

TEST(AlertParser, reads_every_field_back) {
  const auto alert = closed(sample_prediction());
  const auto parsed = parse_alert_document(document_of(alert));
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(parsed->slot(), alert.slot());
  EXPECT_EQ(parsed->id, alert.id);
  EXPECT_EQ(parsed->rev, 3);
  EXPECT_EQ(parsed->state, AlertState::closed);
  EXPECT_EQ(parsed->kind, AlertKind::prediction);
  EXPECT_EQ(parsed->severity, Severity::major);
  EXPECT_EQ(parsed->priority, 2);
  EXPECT_EQ(parsed->count, 2);
  EXPECT_EQ(parsed->title, alert.title);
  EXPECT_EQ(parsed->text, alert.text);
  EXPECT_EQ(parsed->customer_note, alert.customer_note);
  EXPECT_EQ(parsed->raised_at, alert.raised_at);
  EXPECT_EQ(parsed->changed_at, alert.changed_at);
  EXPECT_EQ(parsed->cleared_at, alert.cleared_at);
  EXPECT_EQ(parsed->closed_at, alert.closed_at);
  EXPECT_EQ(parsed->dispatch_by, alert.dispatch_by);
  EXPECT_EQ(parsed->parent, alert.parent);
  EXPECT_EQ(parsed->previous, alert.previous);
  EXPECT_EQ(parsed->part, alert.part);
  EXPECT_EQ(parsed->iso14224, alert.iso14224);
  EXPECT_EQ(parsed->cause, alert.cause);
  EXPECT_EQ(parsed->effect, alert.effect);
}

TEST(AlertParser, reads_every_reason_back) {
  const auto alert = closed(sample_prediction());
  const auto parsed = parse_alert_document(document_of(alert)).value();
  EXPECT_EQ(parsed.prognosis->low, 7.5);
  EXPECT_EQ(parsed.prognosis->high, 410);
  EXPECT_EQ(parsed.prognosis->confidence, 0.86);
  EXPECT_EQ(parsed.prognosis->health, 0.29);
  EXPECT_EQ(parsed.prognosis->within_7_days, 0.46);
  EXPECT_EQ(parsed.prognosis->within_30_days, 0.99);
  EXPECT_EQ(parsed.detector->params, alert.detector->params);
  EXPECT_EQ(parsed.evidence->coverage, 0.97);
  const auto& point = parsed.evidence->points.front();
  EXPECT_EQ(point.label, "Filter pressure drop");
  EXPECT_EQ(point.quantity, Quantity::pressure);
  EXPECT_EQ(point.step, Days{3});
  EXPECT_EQ(point.trend.size(), 8U);
  EXPECT_TRUE(std::isnan(point.trend.at(3)));
  EXPECT_EQ(parsed.advice->parts.front().sku, "F7-592-635");
  EXPECT_EQ(parsed.advice->parts.front().quantity, 4);
  EXPECT_TRUE(parsed.advice->shutdown);
  EXPECT_EQ(parsed.advice->checks, alert.advice->checks);
  EXPECT_EQ(parsed.outcome->verdict, Conclusion::confirmed);
  EXPECT_EQ(parsed.outcome->at, alert.outcome->at);
  EXPECT_EQ(parsed.log.back().event, AlertEvent::acked);
  EXPECT_EQ(parsed.log.back().by, "dispatch/m.lee");
}

TEST(AlertParser, reads_back_who_has_taken_it_on_and_who_does_not_want_to_hear_of_it) {
  const auto parsed = parse_alert_document(document_of(treated(sample_prediction()))).value();
  ASSERT_TRUE(parsed.ack && parsed.ack->reference && parsed.shelved && parsed.energy);
  EXPECT_EQ(parsed.ack->by, "dispatch/m.lee");
  EXPECT_EQ(parsed.ack->at, test::at("2026-11-21T09:14:58Z"));
  EXPECT_EQ(parsed.ack->note, "booked for Tuesday");
  EXPECT_EQ(parsed.ack->reference->system, "d365");
  EXPECT_EQ(parsed.ack->reference->id, "WO-10417");
  EXPECT_EQ(parsed.ack->reference->url, "https://example.org/wo?id=10417");
  EXPECT_EQ(parsed.shelved->until, test::at("2026-12-01T00:00:00Z"));
  EXPECT_EQ(parsed.shelved->reason, "the part is on its way");
  EXPECT_EQ(parsed.energy->kwh, 37.8);
  EXPECT_EQ(parsed.energy->since, test::at("2026-10-31T00:00:00Z"));
  EXPECT_EQ(parsed.energy->cost_per_day, 1.08);
  EXPECT_EQ(parsed.energy->currency, "EUR");
}

TEST(AlertParser, reads_back_how_it_ended) {
  const auto outcome = parse_alert_document(document_of(closed(sample_prediction()))).value().outcome.value();
  EXPECT_EQ(outcome.mode, "filter-clog");
  EXPECT_EQ(outcome.action, "FILTER-REPLACE");
  EXPECT_EQ(outcome.fixed, true);
  ASSERT_EQ(outcome.parts.size(), 2U);
  EXPECT_EQ(outcome.parts.front().sku, "F7-592-635");
  EXPECT_EQ(outcome.parts.back().quantity, 0.5);
  EXPECT_EQ(outcome.minutes, 38);
  EXPECT_EQ(outcome.by, "tech/a.kaya");
  EXPECT_EQ(outcome.reference->id, "WO-10417");
}

TEST(AlertParser, calls_a_damaged_document_an_error_and_never_crashes) {
  const auto document = document_of(sample_prediction());
  for (std::size_t length = 0; length < document.size(); ++length) {
    EXPECT_FALSE(parse_alert_document(std::string_view{document}.substr(0, length)));
  }
  for (const auto* const text : {"[]", "7", "{}", R"({"data":[]})", R"({"data":{"id":7}})",
                                 R"({"data":{"id":"x","rev":1e300,"state":"odd","asset":[],"failure":null}})"}) {
    EXPECT_FALSE(parse_alert_document(text)) << text;
  }
}

}  // namespace
}  // namespace fettle::delivery
