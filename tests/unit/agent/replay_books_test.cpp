#include "replay_alerts.hpp"
#include "replay_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Lt;
using testing::SizeIs;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

/// A revision of one alert, so many hours after the start.
Alert revision(double hours, AlertKind kind, Severity severity, AlertEvent event = AlertEvent::updated,
               std::string why = "") {
  Alert alert;
  alert.asset = "PUMP-01";
  alert.mode = "bearing-wear";
  alert.id = "1";
  alert.kind = kind;
  alert.severity = severity;
  alert.priority = severity == Severity::warning ? 4 : kind == AlertKind::fault ? 1 : 2;
  alert.raised_at = start;
  alert.changed_at = start + Duration{std::llround(hours * 3'600'000)};
  alert.log.push_back({1, alert.changed_at, event, "", std::move(why)});
  return alert;
}

TEST(AlertBook, tells_an_alert_by_its_worst_revisions_and_its_first_forecast) {
  AlertBook book;
  book.take(revision(0, AlertKind::fault, Severity::warning, AlertEvent::raised));
  auto predicted = revision(6, AlertKind::prediction, Severity::major);
  predicted.prognosis = TimeToFailure{24, 48.5, std::nullopt, 0.8, 0.7, 0.5};
  book.take(predicted);
  predicted.prognosis = TimeToFailure{1, 2, 3, 0.8, 0.7, 0.5};
  book.take(predicted);
  auto cleared = revision(60, AlertKind::prediction, Severity::minor, AlertEvent::cleared);
  cleared.state = AlertState::cleared;
  cleared.cleared_at = cleared.changed_at;
  book.take(cleared);
  EXPECT_EQ(alerts_csv(book.stories()),
            "asset,mode,kind,severity,raised_at,cleared_at,ttf_low_h,ttf_mid_h,ttf_high_h,alert,visit\n"
            "PUMP-01,bearing-wear,fault,warning,2026-06-01T00:00:00Z,2026-06-01T06:00:00Z,,,,1,false\n"
            "PUMP-01,bearing-wear,prediction,major,2026-06-01T06:00:00Z,2026-06-03T12:00:00Z,24.00,48.50,,1,true\n");
  ASSERT_THAT(book.stories(), SizeIs(1));
  EXPECT_EQ(book.stories()[0].dispatched, start + 6h);
}

TEST(AlertBook, tells_that_an_alert_was_for_information_while_another_one_explained_it) {
  AlertBook book;
  auto child = revision(0, AlertKind::fault, Severity::major, AlertEvent::raised);
  child.parent = "01JD8Q4Z7T3V9XK2M5N6P8R0SA";
  book.take(child);
  book.take(revision(5, AlertKind::fault, Severity::major));
  EXPECT_THAT(alerts_csv(book.stories()),
              HasSubstr("fault,warning,2026-06-01T00:00:00Z,2026-06-01T05:00:00Z,,,,1,false\n"
                        "PUMP-01,bearing-wear,fault,major,2026-06-01T05:00:00Z,,,,,1,true\n"));
  EXPECT_EQ(book.stories()[0].dispatched, start + 5h);
}

TEST(AlertBook, leaves_what_is_unknown_empty) {
  AlertBook book;
  book.take(revision(0, AlertKind::fault, Severity::warning, AlertEvent::raised));
  EXPECT_THAT(alerts_csv(book.stories()), HasSubstr("fault,warning,2026-06-01T00:00:00Z,,,,,1,false\n"));
  EXPECT_FALSE(book.stories()[0].is_dispatch());
}

TEST(AlertBook, measures_the_lead_of_a_prediction_that_came_true) {
  AlertBook book;
  book.take(revision(0, AlertKind::prediction, Severity::major, AlertEvent::raised));
  EXPECT_EQ(book.stories()[0].lead(), std::nullopt);
  book.take(revision(30, AlertKind::fault, Severity::major));
  book.take(revision(54, AlertKind::fault, Severity::major, AlertEvent::updated, "daily"));
  EXPECT_EQ(book.stories()[0].lead(), 30h);
  EXPECT_THAT(book.stories()[0].steps, SizeIs(2)) << "a daily revision is no news";
}

TEST(AlertBook, takes_no_lost_trend_for_a_limit_that_was_reached) {
  AlertBook book;
  book.take(revision(0, AlertKind::prediction, Severity::major, AlertEvent::raised));
  auto lost = revision(30, AlertKind::fault, Severity::major);
  lost.priority = 3;
  book.take(lost);
  EXPECT_EQ(book.stories()[0].lead(), std::nullopt);
  book.take(revision(47, AlertKind::fault, Severity::major));
  EXPECT_EQ(book.stories()[0].lead(), 47h);
}

TEST(AlertBook, counts_no_lead_where_nothing_was_predicted) {
  AlertBook book;
  book.take(revision(0, AlertKind::fault, Severity::warning, AlertEvent::raised));
  book.take(revision(30, AlertKind::fault, Severity::major));
  EXPECT_EQ(book.stories()[0].lead(), std::nullopt);
  EXPECT_TRUE(book.stories()[0].is_dispatch());
}

TEST(AlertBook, tells_what_is_minor_and_sends_nobody_apart_from_what_does) {
  AlertBook book;
  book.take(revision(0, AlertKind::service, Severity::minor, AlertEvent::raised));
  EXPECT_THAT(alerts_csv(book.stories()), HasSubstr("minor,2026-06-01T00:00:00Z,,,,,1,false\n"));
}

TEST(AlertBook, leaves_out_revisions_of_what_is_over_that_say_nothing_new) {
  AlertBook book;
  book.take(revision(0, AlertKind::fault, Severity::major, AlertEvent::raised));
  book.take(revision(1, AlertKind::fault, Severity::major));
  auto cleared = revision(2, AlertKind::fault, Severity::major, AlertEvent::cleared);
  cleared.state = AlertState::cleared;
  book.take(cleared);
  cleared.log.back().event = AlertEvent::updated;
  book.take(cleared);
  EXPECT_THAT(book.stories()[0].steps, SizeIs(3));
  cleared.title = "another";
  book.take(cleared);
  EXPECT_THAT(book.stories()[0].steps, SizeIs(4));
}

TEST(AlertBook, tells_in_full_what_is_for_a_visit_then_the_severe_then_the_new) {
  AlertBook book;
  const auto raise = [&book](std::string id, AlertKind kind, Severity severity, int day) {
    auto alert = revision(0, kind, severity, AlertEvent::raised);
    alert.id = std::move(id);
    alert.raised_at = start + day * 24h;
    book.take(alert);
  };
  raise("old", AlertKind::fault, Severity::warning, 0);
  raise("minor", AlertKind::fault, Severity::minor, 1);
  raise("new", AlertKind::fault, Severity::warning, 2);
  raise("sensor", AlertKind::service, Severity::major, 3);
  raise("major", AlertKind::fault, Severity::major, 4);
  using testing::ElementsAre;
  EXPECT_THAT(worth_telling(book.stories(), 1), ElementsAre(4));
  EXPECT_THAT(worth_telling(book.stories(), 3), ElementsAre(1, 3, 4));
  EXPECT_THAT(worth_telling(book.stories(), 4), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(worth_telling(book.stories(), 9), SizeIs(5));
}

TEST(ReplaySummary, counts_by_the_month_that_was_covered) {
  ReplaySummary summary;
  summary.assets = {{"A", "", std::chrono::hours{24 * 3044 / 100}}, {"B", "", std::chrono::hours{24 * 3044 / 100}}};
  summary.dispatches = 1;
  summary.advisories = 4;
  summary.severities = {{Severity::major, 1}, {Severity::warning, 4}};
  summary.leads = {10h, 48h, 90h};
  const auto text = summary_text(summary, 2s);
  EXPECT_THAT(text, HasSubstr("2 assets, 2.0 asset-months"));
  EXPECT_THAT(text, HasSubstr("5 alerts: 1 major, 4 warning\n  1 for a visit (0.5"));
  EXPECT_THAT(text, HasSubstr("4 for information (2.0)"));
  EXPECT_THAT(text, HasSubstr("3 predicted limits reached, median 2 days after the alert"));
}

TEST(ReplaySummary, writes_large_numbers_so_that_they_can_be_read) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(12'345'678), "12,345,678");
}

}  // namespace
}  // namespace fettle
