#include "delivery/alert_document.hpp"

#include "sample_alerts.hpp"
#include "support/validator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <cmath>
#include <functional>

namespace fettle::delivery {
namespace {

using test::closed;
using test::sample_asset;
using test::sample_fault;
using test::sample_gateway;
using test::sample_point;
using test::sample_prediction;
using test::treated;
using ::testing::HasSubstr;
using ::testing::Not;
namespace json = boost::json;

std::string document_of(const Alert& alert) { return alert_document(alert, sample_asset(), sample_gateway(), 5512); }

json::object data_of(const Alert& alert) { return json::parse(document_of(alert)).at("data").as_object(); }

std::string all_bytes() {
  std::string text;
  for (int letter = 1; letter < 256; ++letter) text += static_cast<char>(letter);
  return text;
}

/// One alert for each state, kind, optional part left out, and oddity.
std::vector<Alert> wide_set() {
  std::vector<Alert> result{sample_fault(), closed(sample_fault()), closed(sample_prediction()),
                            treated(sample_fault())};
  for (const auto state : {AlertState::active, AlertState::cleared, AlertState::closed}) {
    for (const auto kind : {AlertKind::prediction, AlertKind::fault, AlertKind::service, AlertKind::system}) {
      auto alert = closed(treated(sample_prediction()));
      alert.state = state;
      alert.kind = kind;
      result.push_back(alert);
    }
  }
  const std::vector<std::function<void(Alert&)>> changes{
      [](Alert& alert) { alert.prognosis->high.reset(); },
      [](Alert& alert) { alert.prognosis->health = -0.2; },
      [](Alert& alert) { alert.evidence->points.clear(); },
      [](Alert& alert) { alert.evidence->coverage.reset(); },
      [](Alert& alert) { alert.evidence->points.assign(20, sample_point(3)); },
      [](Alert& alert) { alert.evidence->points.front().trend.assign(200, 0.1 + 0.2); },
      [](Alert& alert) { alert.evidence->points.front().limit.reset(); },
      [](Alert& alert) { alert.evidence->points.front().value = 1.23456789e-9; },
      [](Alert& alert) { alert.evidence->points.front().value = -9.87654321e21; },
      [](Alert& alert) {
        alert.advice->parts.assign(40, {"S", "", 0.5});
      },
      [](Alert& alert) { alert.advice->safety.assign(40, "wear gloves"); },
      [](Alert& alert) { alert.advice->minutes = 0; },
      [](Alert& alert) {
        alert.log.assign(50, {3, alert.raised_at, AlertEvent::returned, "", "why"});
      },
      [](Alert& alert) { alert.title = alert.text = alert.customer_note = std::string(5000, 'x'); },
      [](Alert& alert) { alert.title = alert.text = alert.customer_note = alert.cause = all_bytes(); },
      [](Alert& alert) { alert.text.assign(3000, '\xF0'); },
      [](Alert& alert) { alert.text = std::string("nul\0 inside", 11); },
      [](Alert& alert) { alert.customer_note.clear(); },
      [](Alert& alert) { alert.test = true; },
      [](Alert& alert) { alert.ack->reference.reset(); },
      [](Alert& alert) { alert.ack->note.clear(); },
      [](Alert& alert) { alert.ack->note = alert.shelved->reason = all_bytes() + std::string(2000, 'x'); },
      [](Alert& alert) { alert.shelved.reset(); },
      [](Alert& alert) { alert.energy->cost_per_day.reset(); },
      [](Alert& alert) { alert.energy->kwh = 0; },
      [](Alert& alert) { alert.energy->kwh = 123456.789; },
      [](Alert& alert) {
        alert.outcome = Outcome{Conclusion::wrong_mode, "tech/a.kaya", alert.changed_at, ""};
      },
  };
  for (const auto& change : changes) {
    result.push_back(treated(sample_prediction()));
    change(result.back());
  }
  return result;
}

TEST(AlertDocument, keeps_the_schema_over_a_wide_set_of_alerts) {
  test::Validator validator;
  for (const auto& alert : wide_set()) {
    ASSERT_TRUE(check_alert(alert, sample_asset(), sample_gateway())) << alert.title;
    EXPECT_EQ(validator.judge("fettle/v1/gw-0042/alert/" + alert.slot(), document_of(alert)), "");
  }
}

TEST(AlertDocument, is_the_same_text_as_in_the_contract) {
  const auto document = document_of(sample_prediction());
  EXPECT_THAT(
      document,
      ::testing::StartsWith(
          R"({"specversion":"1.0","id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA-3","source":"fettle/v1/gw-0042","type":"fettle.alert.v1",)"
          R"("subject":"AHU-07/filter-clog","time":"2026-11-21T09:14:58.120Z","datacontenttype":"application/json",)"
          R"("dataschema":"urn:fettle:schema:alert:1","sequence":"0000000000005512","deviceid":"gw-0042_AHU-07",)"
          R"x("readingtype":"Filter pressure drop (Pa)","reading":"212.4","threshold":"250","ruleoutput":"filter-clog",)x"
          R"("eventtoken":"01JD8Q4Z7T3V9XK2M5N6P8R0SA","data":{"id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA","rev":3,"state":"active",)"
          R"("kind":"prediction","test":false,"severity":"major","priority":2,)"));
  EXPECT_THAT(document, HasSubstr(R"("prognosis":{"ttfHours":{"low":7.5,"mid":214,"high":410,"level":0.8},)"
                                  R"("confidence":0.86,"basis":"calendar","health":0.29,"p7d":0.46,"p30d":0.99})"));
  EXPECT_THAT(document, HasSubstr(R"("step":"P3D","trend":[118,126.5,139,null,168,188,205,212.4],"quality":"good")"));
  EXPECT_THAT(document, HasSubstr(R"("gateway":{"id":"gw-0042","sw":"1.4.2","config":"9f2c41ab"})"));
  EXPECT_THAT(document, HasSubstr(R"("clock":{"sync":"ntp","errMs":12})"));
}

TEST(AlertDocument, shows_numbers_as_a_person_would_write_them) {
  auto alert = sample_prediction();
  alert.evidence->points.front().value = 0.1 + 0.2;
  alert.evidence->points.front().limit = 123456.7;
  alert.prognosis = TimeToFailure{3.14159, 99.5, 1234.4999, 0.8, 0.33333, 0.666};
  const auto document = document_of(alert);
  EXPECT_THAT(document, HasSubstr(R"("value":0.3,)"));
  EXPECT_THAT(document, HasSubstr(R"("limit":123500,)"));
  EXPECT_THAT(document, HasSubstr(R"("low":3.1,"mid":100,"high":1234,)"));
  EXPECT_THAT(document, HasSubstr(R"("confidence":0.33,)"));
}

TEST(AlertDocument, is_within_4_kib_with_full_evidence_and_history) {
  auto alert = sample_prediction();
  alert.evidence->points = {sample_point(0), sample_point(1), sample_point(2)};
  for (auto& point : alert.evidence->points) point.trend.assign(32, 123.4);
  alert.log.assign(6, {1, alert.raised_at, AlertEvent::updated, "", "time to failure 340 h to 228 h"});
  const auto document = document_of(alert);
  EXPECT_LE(document.size(), 4096U);
  EXPECT_THAT(document, HasSubstr("\"log\""));
}

TEST(AlertDocument, gives_up_the_trend_of_the_least_important_indicator_first) {
  auto alert = sample_prediction();
  alert.evidence->points = {sample_point(0), sample_point(1)};
  for (auto& point : alert.evidence->points) point.trend.assign(32, -1.234e-7);
  alert.text.assign(700, 'x');
  const auto document = document_of(alert);
  const auto points = json::parse(document).at("data").at("evidence").at("points").as_array();
  EXPECT_LE(document.size(), 4096U);
  EXPECT_TRUE(points.at(0).as_object().contains("trend"));
  EXPECT_FALSE(points.at(1).as_object().contains("trend"));
}

TEST(AlertDocument, gives_up_the_log_only_beyond_16_kib) {
  auto alert = sample_prediction();
  const std::string wide(200, '\x01');
  alert.log.assign(16, {1, alert.raised_at, AlertEvent::updated, "", wide});
  EXPECT_FALSE(data_of(alert).contains("log"));
  EXPECT_LE(document_of(alert).size(), 16384U);
  alert.log.assign(8, {1, alert.raised_at, AlertEvent::updated, "", wide});
  EXPECT_TRUE(data_of(alert).contains("log"));
}

TEST(AlertDocument, has_the_customers_note_only_where_it_may_be_passed_on) {
  auto alert = sample_prediction();
  EXPECT_TRUE(data_of(alert).contains("customerNote"));
  EXPECT_TRUE(data_of(closed(alert)).contains("customerNote"));
  alert.state = AlertState::cleared;
  EXPECT_FALSE(data_of(alert).contains("customerNote"));
  alert.state = AlertState::active;
  alert.kind = AlertKind::system;
  EXPECT_FALSE(data_of(alert).contains("customerNote"));
}

TEST(AlertDocument, keeps_the_latest_16_transitions) {
  auto alert = sample_prediction();
  alert.log.clear();
  for (int rev = 1; rev <= 40; ++rev) alert.log.push_back({rev, alert.raised_at, AlertEvent::updated, "", ""});
  const auto log = data_of(alert).at("log").as_array();
  ASSERT_EQ(log.size(), 16U);
  EXPECT_EQ(log.front().at("rev").as_int64(), 25);
  EXPECT_EQ(log.back().at("rev").as_int64(), 40);
}

TEST(AlertDocument, reads_back_to_an_alert_that_gives_the_same_document) {
  for (const auto& alert : wide_set()) {
    const auto document = document_of(alert);
    const auto parsed = parse_alert_document(document);
    ASSERT_TRUE(parsed) << parsed.error().detail << "\n" << document;
    EXPECT_EQ(document_of(*parsed), document);
  }
}

TEST(AlertDocument, tells_no_cost_without_a_tariff_and_none_once_it_is_closed) {
  auto alert = treated(sample_prediction());
  EXPECT_THAT(document_of(alert), HasSubstr(R"("energy":{"wasteKwh":37.8,"since":"2026-10-31T00:00:00Z",)"
                                            R"("costPerDay":1.08,"currency":"EUR"})"));
  EXPECT_THAT(document_of(closed(alert)), HasSubstr(R"("energy":{"wasteKwh":37.8,"since":"2026-10-31T00:00:00Z"})"));
  alert.energy->currency.clear();
  EXPECT_THAT(document_of(alert), Not(HasSubstr("costPerDay")));
}

TEST(AlertDocument, has_a_quantity_without_unit_in_no_brackets) {
  auto alert = sample_prediction();
  alert.evidence->points.front().quantity = Quantity::ratio;
  EXPECT_THAT(document_of(alert), HasSubstr(R"("readingtype":"Filter pressure drop","reading")"));
}

TEST(AlertDocument, has_no_reading_without_evidence) {
  EXPECT_THAT(document_of(sample_fault()), Not(HasSubstr("reading")));
}

}  // namespace
}  // namespace fettle::delivery
