#include "replay_alerts.hpp"
#include "replay_courses.hpp"
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

std::vector<Sample> course(std::size_t length) {
  std::vector<Sample> samples;
  for (std::size_t hour = 0; hour < length; ++hour)
    samples.push_back({start + hour * 1h, static_cast<float>(std::sin(static_cast<double>(hour))), 0.5F});
  return samples;
}

TEST(Thinning, leaves_a_short_course_alone) { EXPECT_THAT(thinned(course(100), 100), SizeIs(100)); }

TEST(Thinning, keeps_every_peak_and_the_order_of_time) {
  auto samples = course(9'000);
  samples[4'321].value = 50;
  samples[4'322].value = -50;
  samples[7'777].evidence = 16;
  const auto thin = thinned(samples, 1'000);
  EXPECT_THAT(thin, SizeIs(testing::AllOf(testing::Le(1'000U), testing::Gt(900U))));
  const auto has = [&thin](auto test) { return std::any_of(thin.begin(), thin.end(), test); };
  EXPECT_TRUE(has([](const Sample& each) { return each.value == 50; }));
  EXPECT_TRUE(has([](const Sample& each) { return each.value == -50; }));
  EXPECT_TRUE(has([](const Sample& each) { return each.evidence == 16; }));
  EXPECT_TRUE(std::is_sorted(thin.begin(), thin.end(),
                             [](const Sample& left, const Sample& right) { return left.time < right.time; }));
}

TEST(Thinning, keeps_a_gap_a_gap) {
  auto samples = course(4'000);
  for (std::size_t hour = 1'000; hour < 2'000; ++hour) samples[hour].value = std::nanf("");
  const auto thin = thinned(samples, 400);
  const auto unknown =
      std::count_if(thin.begin(), thin.end(), [](const Sample& each) { return std::isnan(each.value); });
  EXPECT_NEAR(static_cast<double>(unknown), 50, 2);
}

TEST(CourseBook, counts_why_nothing_was_said) {
  CourseBook book;
  const Finding finding;
  const auto see = [&book](const Reading& period, const Finding* found) {
    book.take({3, "vibration", period, Quantity::velocity, found});
  };
  see(good({}, start, 2), nullptr);
  see(good({}, start + 1h, 2), &finding);
  see(bad({}, start + 2h, Reason::not_running), nullptr);
  see(bad({}, start + 3h, Reason::not_running), nullptr);
  const auto silences = book.silences(3);
  EXPECT_EQ(silences.judged, 1U);
  EXPECT_THAT(silences.silent, testing::UnorderedElementsAre(testing::Pair(Reason::not_learned, 1),
                                                             testing::Pair(Reason::not_running, 2)));
  EXPECT_TRUE(book.silences(4).silent.empty());
}

TEST(CourseBook, keeps_what_was_seen_while_learning_and_each_yardstick_once) {
  CourseBook book;
  const auto judge = [&book](int hour, double value, const ModeHealth* health) {
    const auto period = good({}, start + hour * 1h, value);
    book.take({3, "vibration", period, Quantity::velocity, nullptr, health});
  };
  judge(0, 2, nullptr);
  judge(1, 4, nullptr);
  ModeHealth health;
  health.time = start + 2h;
  health.baseline = 3;
  health.warn = 5;
  health.limit = 7;
  judge(2, 6, &health);
  judge(3, 6, &health);
  const auto* course = book.find(3, "vibration");
  ASSERT_NE(course, nullptr);
  EXPECT_EQ(course->lowest, 2);
  EXPECT_EQ(course->highest, 4);
  EXPECT_EQ(course->learned_until, start + 1h);
  EXPECT_THAT(course->samples, SizeIs(4));
  ASSERT_THAT(course->yardsticks, SizeIs(1));
  EXPECT_EQ(course->yardsticks[0].limit, 7);
  EXPECT_EQ(book.find(2, "vibration"), nullptr);
}

TEST(CourseBook, names_first_what_was_strangest_of_what_a_watch_saw) {
  CourseBook book;
  const auto show = [&book](std::string_view name, int hour, double strangeness) {
    const auto reading = good({}, start + hour * 1h, 20);
    const Finding finding{{}, reading.time, {}, strangeness, 20, 0};
    book.take({1, name, reading, Quantity::temperature, strangeness < 0 ? nullptr : &finding});
  };
  for (const auto* const name : {"flow", "power"}) show(name, 0, -1);
  show("flow", 40, 1);
  show("power", 40, 4);
  show("flow", 2, 9);  // longer ago than a day
  const auto strangest = book.strangest(1, start + 41h, 2);
  ASSERT_THAT(strangest, SizeIs(2));
  EXPECT_EQ(strangest.front().first, "power");
  EXPECT_EQ(strangest.front().second->quantity, Quantity::temperature);
  EXPECT_EQ(strangest.front().second->learned_until, start);
  EXPECT_THAT(book.strangest(1, start + 41h, 1), SizeIs(1));
  EXPECT_THAT(book.strangest(2, start + 41h, 2), SizeIs(0));
}

TEST(CourseBook, names_nothing_that_never_had_a_value) {
  CourseBook book;
  book.take({1, "flow", bad({}, start, Reason::timeout), Quantity::temperature});
  EXPECT_THAT(book.strangest(1, start + 1h, 2), SizeIs(0));
}

TEST(Course, calls_rare_what_was_not_as_strong_in_more_than_one_of_a_hundred_periods) {
  Course seen;
  seen.samples = course(1'000);
  seen.samples[100].evidence = 7;
  seen.samples[500].evidence = 6;
  EXPECT_EQ(seen.rare_evidence(start + 500h), 6);
  EXPECT_EQ(seen.rare_evidence(start + 501h), std::nullopt);
  seen.samples[50].evidence = std::nanf("");
  EXPECT_EQ(seen.rare_evidence(start + 50h), std::nullopt);
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
