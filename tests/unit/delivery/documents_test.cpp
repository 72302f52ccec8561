#include "delivery/documents.hpp"

#include "sample_alerts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace fettle::delivery {
namespace {

using test::at;
using test::sample_asset;
using test::sample_gateway;
namespace json = boost::json;

InfoFacts sample_info() {
  InfoFacts facts{sample_gateway(), "HQ-BERLIN", "Europe/Berlin", {}, {}, {}};
  PointFacts point;
  point.role = "filter_dp";
  point.quantity = Quantity::pressure;
  point.brick = "brick:Filter_Differential_Pressure_Sensor";
  point.source = "modbus:1:30021";
  facts.assets = {{sample_asset(), {point}, {{"filter-clog", "PLU", "FILTER-REPLACE", "baseline_limit"}}}};
  return facts;
}

StatusFacts sample_status() {
  return {1812, at("2026-11-21T08:00:03Z"), at("2026-11-21T09:15:00Z"), 17, 5512, 2, 1, {}};
}

TEST(Status, of_a_gateway_that_is_online) {
  auto facts = sample_status();
  facts.open = {{"AHU-07/filter-clog", "01JD8Q4Z7T3V9XK2M5N6P8R0SA-3"}};
  EXPECT_EQ(online_status(sample_gateway(), facts),
            R"({"gateway":"gw-0042","state":"online","session":1812,"since":"2026-11-21T08:00:03Z",)"
            R"("time":"2026-11-21T09:15:00Z","heartbeat":300,"mode":"operational","clock":{"sync":"ntp","errMs":12},)"
            R"("info":17,"sequence":"0000000000005512","queued":2,"dropped":1,)"
            R"("open":{"AHU-07/filter-clog":"01JD8Q4Z7T3V9XK2M5N6P8R0SA-3"}})");
}

TEST(Status, lists_at_most_100_open_slots_and_counts_the_rest) {
  auto facts = sample_status();
  for (int number = 0; number < 130; ++number) facts.open.push_back({"A-" + std::to_string(number) + "/m", "x-1"});
  const auto status = json::parse(online_status(sample_gateway(), facts));
  EXPECT_EQ(status.at("open").as_object().size(), 100U);
  EXPECT_EQ(status.at("openMore").as_int64(), 30);
}

TEST(Status, of_a_gateway_that_says_goodbye) {
  EXPECT_EQ(
      offline_status(sample_gateway(), 1812, at("2026-11-21T09:15:00Z"), "stopped"),
      R"({"gateway":"gw-0042","state":"offline","session":1812,"time":"2026-11-21T09:15:00Z","reason":"stopped"})");
}

TEST(Status, of_a_gateway_that_fell_silent) {
  EXPECT_EQ(lost_status(sample_gateway(), 1812), R"({"gateway":"gw-0042","state":"lost","session":1812})");
}

TEST(Info, says_who_the_gateway_is) {
  EXPECT_EQ(
      info_document(sample_info(), 17, at("2026-11-21T08:00:03Z")),
      R"({"gateway":"gw-0042","rev":17,"contract":"1.1","sw":"1.4.2","config":"9f2c41ab","time":"2026-11-21T08:00:03Z",)"
      R"("site":"HQ-BERLIN","tz":"Europe/Berlin","ops":[],"signed":[],"assets":[{"id":"AHU-07","ref":"gw-0042_AHU-07",)"
      R"("name":"Air handler 7, level 3 east","class":"brick:AHU","maker":"Acme Air","model":"AX-12",)"
      R"("serial":"AX12-99-0714","points":[{"id":"filter_dp","class":"brick:Filter_Differential_Pressure_Sensor",)"
      R"("unit":"Pa","src":"modbus:1:30021"}],"modes":[{"mode":"filter-clog","iso14224":"PLU",)"
      R"("action":"FILTER-REPLACE","detector":"baseline_limit"}]}]})");
}

TEST(Info, says_how_changes_of_the_settings_fare) {
  auto facts = sample_info();
  facts.ring = 3;
  facts.held = {"ro-2", "maintenance/m.lee", 2, at("2026-11-21T20:00:00Z")};
  facts.change = {"ro-1", "maintenance/m.lee", "rolled-back", 4, "the broker was not reached within five minutes"};
  EXPECT_NE(
      info_document(facts, 17, at("2026-11-21T08:00:03Z"))
          .find(
              R"("signed":[],"ring":3,"held":{"jti":"ro-2","by":"maintenance/m.lee","ring":2,"start":"2026-11-21T20:00:00Z"},)"
              R"("change":{"jti":"ro-1","by":"maintenance/m.lee","state":"rolled-back","rev":4,)"
              R"("why":"the broker was not reached within five minutes"},"assets":)"),
      std::string::npos);
}

TEST(Info, has_another_hash_when_its_content_is_another) {
  auto facts = sample_info();
  const auto before = info_hash(facts);
  facts.gateway.clock.sync = ClockSync::none;
  EXPECT_EQ(info_hash(facts), before);
  facts.assets.front().asset.serial = "AX12-99-0715";
  EXPECT_NE(info_hash(facts), before);
}

TEST(Topics, begin_with_root_and_gateway) {
  auto gateway = sample_gateway();
  gateway.root = "acme/fettle/v1";
  EXPECT_EQ(info_topic(gateway), "acme/fettle/v1/gw-0042/info");
  EXPECT_EQ(status_topic(gateway), "acme/fettle/v1/gw-0042/status");
  EXPECT_EQ(slot_topic(gateway, "AHU-07/filter-clog"), "acme/fettle/v1/gw-0042/alert/AHU-07/filter-clog");
}

TEST(Asset, without_a_brick_class_is_of_its_equipment_model) {
  auto asset = sample_asset();
  asset.brick.clear();
  EXPECT_EQ(class_of(asset), "fettle:air_handler");
  asset.model_class.clear();
  EXPECT_EQ(class_of(asset), "fettle:equipment");
}

}  // namespace
}  // namespace fettle::delivery
