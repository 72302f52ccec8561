#include "delivery/telemetry_document.hpp"

#include "sample_alerts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace fettle::delivery {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const TelemetryPoint filter_dp{"filter_dp", Quantity::pressure};
const TelemetryPoint fan_speed{"fan_speed", Quantity::rotational_speed};
const Time moment = test::at("2026-11-21T09:15:00.120Z");

std::string document(const std::vector<TelemetryValue>& values, TelemetryFacts facts = {5512, 3, moment, false}) {
  return telemetry_document(test::sample_gateway(), "ahu_1_io", facts, values);
}

TEST(TelemetryDocument, says_what_was_read_when_and_how_well) {
  EXPECT_EQ(
      document({{&filter_dp, good(PointId{0}, moment - std::chrono::milliseconds{20}, 212.4)},
                {&fan_speed, bad(PointId{1}, moment, Reason::timeout)}}),
      R"({"gateway":"gw-0042","device":"ahu_1_io","seq":5512,"time":"2026-11-21T09:15:00.120Z",)"
      R"("clock":{"sync":"ntp","errMs":12},"dropped":3,"points":[)"
      R"({"id":"filter_dp","unit":"Pa","value":212.4,"quality":"good","time":"2026-11-21T09:15:00.100Z","ageMs":20},)"
      R"({"id":"fan_speed","unit":"{rpm}","quality":"bad","reason":"timeout","time":"2026-11-21T09:15:00.120Z","ageMs":0}]})");
}

TEST(TelemetryDocument, has_no_value_where_the_reading_is_bad_or_no_number) {
  Reading leftover = good(PointId{0}, moment, 99);
  leftover.quality = Quality::bad;
  leftover.reason = Reason::offline;
  EXPECT_THAT(document({{&filter_dp, leftover}}), Not(HasSubstr("\"value\"")));
}

TEST(TelemetryDocument, gives_an_uncertain_value_with_its_reason) {
  Reading reading = good(PointId{0}, moment, 99);
  reading.quality = Quality::uncertain;
  reading.reason = Reason::stale;
  EXPECT_THAT(document({{&filter_dp, reading}}), HasSubstr(R"("value":99,"quality":"uncertain","reason":"stale")"));
}

TEST(TelemetryDocument, makes_no_reading_younger_than_it_is_when_the_clock_is_set_back) {
  EXPECT_THAT(document({{&filter_dp, good(PointId{0}, moment + std::chrono::hours{24}, 1)}}),
              HasSubstr(R"("time":"2026-11-22T09:15:00.120Z","ageMs":0)"));
}

TEST(TelemetryDocument, tells_of_a_crash_before_it) {
  EXPECT_THAT(document({{&filter_dp, good(PointId{0}, moment, 1)}}, {1, 0, moment, true}),
              HasSubstr(R"("afterCrash":true)"));
}

TEST(TelemetryDocument, differs_from_its_repetition_in_the_mark_alone) {
  const auto first = document({{&filter_dp, good(PointId{0}, moment, 1)}});
  EXPECT_EQ(marked_replayed(first), first.substr(0, first.size() - 1) + R"(,"replayed":true})");
}

TEST(TelemetryDocument, shows_a_float_as_the_meter_means_it_and_a_counter_in_full) {
  EXPECT_EQ(telemetry_number(212.39999389648438), 212.4);
  EXPECT_EQ(telemetry_number(0.0499999993), 0.05);
  EXPECT_EQ(telemetry_number(-3.1415926535), -3.141593);
  EXPECT_EQ(telemetry_number(12'345'678.914), 12'345'678.91);
  EXPECT_EQ(telemetry_number(0), 0);
}

TEST(TelemetryDocument, lies_under_the_device) {
  EXPECT_EQ(telemetry_topic(test::sample_gateway(), "ahu_1_io"), "fettle/v1/gw-0042/data/ahu_1_io");
}

}  // namespace
}  // namespace fettle::delivery
