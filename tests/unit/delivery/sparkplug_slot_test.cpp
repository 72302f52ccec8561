#include "delivery/sparkplug_slot.hpp"

#include "sparkplug_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace fettle::delivery::sparkplug {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Time now = test::at("2026-11-21T10:00:00Z");

/// Decoded as a host would.
test::HostPayload as_seen(const std::string& document) {
  return test::host_payload(encode(Payload{now, 1, slot_metrics("filter-clog", document, now)}));
}

TEST(SparkplugSlot, has_the_metrics_of_the_contract) {
  const auto document = test::sample_document(test::sample_prediction());
  const auto slot = as_seen(document);
  std::vector<std::string> told;
  for (const auto& each : slot.metrics) {
    if (!each.name.ends_with("/Doc")) told.push_back(fmt::format("{} {} {}", each.name, each.type, each.value));
    EXPECT_EQ(each.time, 1795252498120U) << "changedAt";
    EXPECT_FALSE(each.is_historical);
  }
  EXPECT_THAT(
      told, ElementsAre("Alerts/filter-clog/State 12 'active'", "Alerts/filter-clog/Id 12 '01JD8Q4Z7T3V9XK2M5N6P8R0SA'",
                        "Alerts/filter-clog/Rev 3 3", "Alerts/filter-clog/Severity 12 'major'",
                        "Alerts/filter-clog/Priority 3 2", "Alerts/filter-clog/TtfHoursLow 10 7.5",
                        "Alerts/filter-clog/TtfHoursMid 10 214", "Alerts/filter-clog/TtfHoursHigh 10 410",
                        "Alerts/filter-clog/Test 11 false", "Alerts/filter-clog/Ack 11 false",
                        "Alerts/filter-clog/ShelveHours 10 null", "Alerts/filter-clog/Close 12 null"));
  EXPECT_EQ(slot.metrics.back().type, 12U);
  EXPECT_EQ(slot.metrics.back().value, "'" + document + "'");
}

TEST(SparkplugSlot, shows_what_people_did) {
  const auto slot = as_seen(test::sample_document(test::closed(test::treated(test::sample_prediction()))));
  EXPECT_EQ(slot.value("Alerts/filter-clog/State"), "'closed'");
  EXPECT_EQ(slot.value("Alerts/filter-clog/Ack"), "true");
  EXPECT_EQ(slot.value("Alerts/filter-clog/ShelveHours"), "230.75055555555556") << "from 21st 09:14:58 to 1st";
  EXPECT_EQ(slot.value("Alerts/filter-clog/Close"), "'confirmed'");
}

TEST(SparkplugSlot, shows_the_hours_on_the_shelf_as_they_were_written_although_a_moment_has_passed_since) {
  auto alert = test::treated(test::sample_prediction());
  alert.shelved->at = alert.shelved->until - std::chrono::minutes{150} + std::chrono::milliseconds{1};
  EXPECT_EQ(as_seen(test::sample_document(alert)).value("Alerts/filter-clog/ShelveHours"), "2.5");
}

TEST(SparkplugSlot, without_an_alert_or_a_forecast_is_null) {
  for (const auto& each : as_seen("").metrics) EXPECT_EQ(each.value, "null") << each.name;
  const auto fault = as_seen(test::sample_document(test::sample_fault()));
  EXPECT_EQ(fault.value("Alerts/filter-clog/TtfHoursMid"), "null");
  EXPECT_EQ(fault.value("Alerts/filter-clog/State"), "'active'");
}

TEST(SparkplugSlot, is_named_by_its_mode) {
  EXPECT_EQ(mode_of("Alerts/filter-clog/Ack"), "filter-clog");
  for (const auto* const other : {"", "Alerts/", "Alerts/Ack", "Alert/filter-clog/Ack", "filter-clog/Ack"}) {
    EXPECT_EQ(mode_of(other), "") << other;
  }
}

/// What becomes of a wish for a slot with an open alert.
std::string order(const std::string& input, Value value) {
  const auto open = test::sample_document(test::sample_prediction());
  const auto order = order_of({"Alerts/filter-clog/" + input, std::move(value)}, open, now);
  return order ? order->op + " " + boost::json::serialize(order->args) : order.error().detail;
}

TEST(SparkplugSlot, takes_what_people_do_as_operations_of_the_contract) {
  EXPECT_EQ(order("Ack", true), R"(ack {"id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA"})");
  EXPECT_EQ(order("ShelveHours", 1.5), R"(shelve {"id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA","until":"2026-11-21T11:30:00Z",)"
                                       R"("reason":"shelved at the Sparkplug host"})");
  EXPECT_THAT(order("ShelveHours", std::int64_t{48}), HasSubstr(R"("until":"2026-11-23T10:00:00Z")"));
  EXPECT_EQ(order("ShelveHours", 0.0), R"(shelve {"id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA","until":null})");
  EXPECT_EQ(order("Close", "no-fault-found"),
            R"(close {"id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA","outcome":{"verdict":"no-fault-found"}})");
}

TEST(SparkplugSlot, says_what_it_does_not_take) {
  EXPECT_THAT(order("Ack", false), HasSubstr("Alerts/filter-clog/Ack takes the Boolean true"));
  EXPECT_THAT(order("Ack", "true"), HasSubstr("takes the Boolean true"));
  EXPECT_THAT(order("Ack", {}), HasSubstr("takes the Boolean true"));
  for (const Value& hours : {Value{-1.0}, Value{2160.5}, Value{std::nan("")}, Value{"8"}, Value{true}}) {
    EXPECT_THAT(order("ShelveHours", hours), HasSubstr("takes a number of hours, from 0 (no longer) to 2160"));
  }
  EXPECT_THAT(order("Close", "done"), HasSubstr("takes confirmed, wrong-mode"));
  EXPECT_THAT(order("Close", true), HasSubstr("takes confirmed, wrong-mode"));
  EXPECT_THAT(order("State", "closed"), HasSubstr("Alerts/filter-clog/State cannot be written"));
}

TEST(SparkplugSlot, takes_nothing_while_no_alert_is_open) {
  for (const auto& document : {std::string{}, test::sample_document(test::closed(test::sample_prediction()))}) {
    const auto order = order_of({"Alerts/filter-clog/Ack", true}, document, now);
    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().detail, "Alerts/filter-clog/Ack: no alert is open there");
  }
}

}  // namespace
}  // namespace fettle::delivery::sparkplug
