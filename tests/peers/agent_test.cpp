#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

// The real binary between a Modbus server on libmodbus and a real broker.

namespace fettle {
namespace {

using namespace std::chrono_literals;
using test::Received;
using testing::HasSubstr;

constexpr auto patience = 20s;

/// A pump whose bearing is at 46 °C for a model that calls 45 °C the limit, one device that nobody has connected, and one with a mistake.
class RunningAgent : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/devices", folder.path() / "devices");
    std::filesystem::create_directory(folder.path() / "equipment");
    std::ofstream{folder.path() / "equipment" / "hot_pump.yaml"} << R"(class: hot_pump
title: Pump with a thermometer
brick: brick:Pump
roles:
  bearing_temperature: {quantity: temperature, required: true, title: Bearing temperature}
modes:
  - mode: overheating
    iso14224: OHE
    part: bearing
    cause: no grease
    effect: the bearing seizes
    severity: major
    horizon: 30d
    indicators:
      - {name: heat, title: Bearing temperature, formula: bearing_temperature, quantity: temperature, every: 1h, warn: 40, limit: 45, source: test}
    advice: {code: GREASE, text: Grease the bearing, skills: [mech-1], parts: [{sku: G-1, name: grease, qty: 1}], minutes: 20}
)";
    site = folder.write("site.yaml", fmt::format(R"(gateway: {{id: gw-7, heartbeat: 1h}}
site: {{id: HQ, tz: Europe/Berlin, building: B2}}
broker: {{url: "mqtt://127.0.0.1:{}", reconnect_within: 100ms}}
store: {{folder: {}}}
buses:
  - {{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: {}, timeout: 5s}}
  - {{id: dead, driver: modbus_tcp, host: 127.0.0.1, port: {}, timeout: 5s}}
devices:
  - {{id: pump, bus: lan, unit: 1, profile: generic_pump_io, every: 5m}}
  - {{id: ghost, bus: dead, unit: 1, profile: generic_pump_io, every: 5m}}
  - {{id: wrong, bus: lan, unit: 999, profile: generic_pump_io, every: 5m}}
assets:
  - {{id: PUMP-1, name: Pump 1, model: hot_pump, points: {{bearing_temperature: pump/bearing_temperature}}}}
)",
                                                 broker.port(), store, modbus_port, test::free_port()));
    ASSERT_TRUE(peer.wait_for_line("ready", patience));
  }

  test::Child run(const std::string& start = "2026-06-01T00:00:00Z") const {
    return test::Child{{FETTLE_BINARY, "run", "-c", site, "--speed", "3600@" + start}};
  }

  static boost::json::object document(const Received& received) {
    return boost::json::parse(received.payload).as_object();
  }

  static std::string episode(const Received& received) {
    return document(received).at("data").at("id").as_string().c_str();
  }

  static std::int64_t revision(const Received& received) { return document(received).at("data").at("rev").as_int64(); }

  test::TempDir folder;
  std::string store = folder.file("store");
  std::string site;
  test::Mosquitto broker;
  unsigned short modbus_port = test::free_port();
  test::Child peer{{FETTLE_LIBMODBUS_PEER, std::to_string(modbus_port)}};
};

constexpr const char* slot = "alert/PUMP-1/overheating";

TEST_F(RunningAgent, sends_a_technician_to_a_machine_at_its_limit) {
  test::Subscriber subscriber{broker.port()};
  auto agent = run();
  const auto alert = subscriber.wait_for(slot, patience);
  ASSERT_TRUE(alert) << agent.output();
  const auto data = document(*alert).at("data").as_object();
  EXPECT_EQ(data.at("kind").as_string(), "fault");
  EXPECT_EQ(data.at("priority").as_int64(), 1);
  EXPECT_EQ(data.at("action").at("code").as_string(), "GREASE");
  EXPECT_EQ(agent.terminate(), 0) << agent.output();
  EXPECT_EQ(
      document(*subscriber.wait_for(
                   [](const Received& each) { return each.payload.find("offline") != std::string::npos; }, patience))
          .at("reason")
          .as_string(),
      "stopped");
}

TEST_F(RunningAgent, keeps_the_identity_of_an_alert_when_it_is_killed) {
  test::Subscriber subscriber{broker.port()};
  auto first = run();
  const auto before = subscriber.wait_for(slot, patience);
  ASSERT_TRUE(before) << first.output();
  first.kill();
  auto second = run("2026-06-03T00:00:00Z");
  const auto after = subscriber.wait_for(
      [&before](const Received& each) { return each.topic == before->topic && revision(each) > revision(*before); },
      patience);
  ASSERT_TRUE(after) << second.output();
  EXPECT_EQ(episode(*after), episode(*before));
  EXPECT_GT(document(*after).at("sequence").as_string(), document(*before).at("sequence").as_string());
}

TEST_F(RunningAgent, fills_an_empty_broker_with_what_is_open) {
  auto agent = run();
  std::string first;
  {
    test::Subscriber subscriber{broker.port()};
    const auto alert = subscriber.wait_for(slot, patience);
    ASSERT_TRUE(alert) << agent.output();
    first = episode(*alert);
  }
  broker.kill();
  broker.start();
  test::Subscriber subscriber{broker.port()};
  const auto again = subscriber.wait_for(slot, patience);
  ASSERT_TRUE(again) << agent.output();
  EXPECT_EQ(episode(*again), first);
}

TEST_F(RunningAgent, reads_on_while_there_is_no_broker) {
  broker.kill();
  auto agent = run();
  ASSERT_TRUE(agent.wait_for_line("PUMP-1/overheating active", patience)) << agent.output();
  broker.start();
  test::Subscriber subscriber{broker.port()};
  EXPECT_TRUE(subscriber.wait_for(slot, patience)) << agent.output();
}

TEST_F(RunningAgent, says_what_it_had_to_leave_out_and_which_bus_is_silent) {
  test::Subscriber subscriber{broker.port()};
  auto agent = run();
  const auto settings = subscriber.wait_for("alert/gw-7/config-invalid", patience);
  ASSERT_TRUE(settings) << agent.output();
  EXPECT_THAT(settings->payload, HasSubstr("devices[2].unit"));
  const auto bus = subscriber.wait_for("alert/dead/bus-loss", patience);
  ASSERT_TRUE(bus) << agent.output();
  EXPECT_EQ(document(*bus).at("data").at("kind").as_string(), "system");
  EXPECT_TRUE(subscriber.wait_for(slot, patience)) << "the other bus goes on";
}

TEST_F(RunningAgent, answers_read_with_what_it_knows) {
  auto agent = run();
  ASSERT_TRUE(agent.wait_for_line("PUMP-1/overheating active", patience)) << agent.output();
  test::Child read{{FETTLE_BINARY, "read", "-c", site, "pump"}};
  ASSERT_TRUE(read.wait(patience));
  EXPECT_THAT(read.output(), HasSubstr("46.00"));
  EXPECT_THAT(read.output(), HasSubstr("vibration            -  "));
}

TEST_F(RunningAgent, puts_a_damaged_journal_aside_and_starts) {
  std::filesystem::create_directory(store);
  std::ofstream{store + "/journal.db"} << "this is no database";
  test::Subscriber subscriber{broker.port()};
  auto agent = run();
  EXPECT_TRUE(subscriber.wait_for(slot, patience)) << agent.output();
  EXPECT_THAT(agent.output(), HasSubstr("journal.db.damaged-"));
}

TEST_F(RunningAgent, ends_with_78_when_the_broker_of_the_settings_is_none) {
  std::ofstream{site, std::ios::app} << "broker: {url: nonsense}\n";
  auto agent = run();
  EXPECT_EQ(agent.wait(patience), 78) << agent.output();
}

TEST_F(RunningAgent, publishes_only_what_the_schema_allows) {
  test::Subscriber subscriber{broker.port(), "fettle/v1/+/alert/#"};
  auto agent = run();
  ASSERT_TRUE(subscriber.wait_for("bus-loss", patience)) << agent.output();
  ASSERT_TRUE(subscriber.wait_for(slot, patience)) << agent.output();
  std::string documents;
  for (const auto& each : subscriber.all()) documents += each.payload + "\n";
  const auto lines = folder.write("documents.jsonl", documents);
  test::Child validator{
      {"/bin/sh", "-c",
       fmt::format("/usr/bin/python3 {0}/tests/support/validate_alert.py {0}/config/contract/alert-1.schema.json < {1}",
                   FETTLE_SOURCE_DIR, lines)}};
  EXPECT_EQ(validator.wait(patience), 0) << validator.output();
}

}  // namespace
}  // namespace fettle
