#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <set>

#include "running_agent.hpp"
#include "support/back_office.hpp"
#include "support/certificates.hpp"
#include "support/signing.hpp"

// The settings change while the agent polls a device that counts its requests.

namespace fettle {
namespace {

using test::patience;
using test::Received;

class ChangedSettings : public test::RealTimeAgent {
 protected:
  bool counts_requests() override { return true; }
  std::string further_settings() override {
    return fmt::format(
        "telemetry: {{}}\ncommands: {{requesters: [{{name: maintenance, operations: [config], keys: [{}]}}]}}\n",
        keys.public_key);
  }

  /// The requests whose answers have been published so far.
  std::set<long> published() const {
    std::set<long> numbers;
    for (const auto& received : watch.all()) {
      if (!received.topic.ends_with("/data/pump")) continue;
      const auto batch = document(received);
      for (const auto& each : batch.at("points").as_array()) {
        const auto& point = each.as_object();
        if (point.at("id").as_string() != "power" || !point.contains("value")) continue;
        numbers.insert(std::lround(point.at("value").to_number<double>() * 100));
      }
    }
    return numbers;
  }

  bool publish_so_many_more(std::size_t count) {
    const auto wanted = published().size() + count;
    return watch.wait_for([&](const Received&) { return published().size() >= wanted; }, patience).has_value();
  }

  void SetUp() override {
    RealTimeAgent::SetUp();
    office.sign_with([this](const std::string& claims) { return test::sign(claims, keys.private_key); });
  }

  void change(test::Child& agent, const boost::json::object& patch) {
    const auto answer = office.ask("config", {{"patch", patch}});
    ASSERT_EQ(answer.at("status").as_int64(), 200) << boost::json::serialize(answer);
    ASSERT_TRUE(agent.wait_for_line("the settings are now configuration", patience)) << agent.output();
    ASSERT_TRUE(agent.wait_for_line("is kept: the broker was reached", std::chrono::minutes{1})) << agent.output();
    ASSERT_TRUE(publish_so_many_more(10)) << agent.output();
  }

  test::KeyPair keys = test::make_key_pair(folder.path(), "maintenance", test::KeyKind::ed25519);
  test::Subscriber watch{broker.port()};
  test::BackOffice office{broker.port(), "gw-7", "maintenance"};
};

TEST_F(ChangedSettings, lose_no_reading_of_a_device_that_they_do_not_concern) {
  test::Child agent{{FETTLE_BINARY, "run", "-c", site}};
  ASSERT_TRUE(publish_so_many_more(10)) << agent.output();
  ASSERT_NO_FATAL_FAILURE(change(agent, {{"site", {{"building", "B7"}}}}));
  ASSERT_NO_FATAL_FAILURE(change(
      agent, {{"devices",
               {{{"id", "pump"}, {"bus", "lan"}, {"unit", 1}, {"profile", "generic_pump_io"}, {"every", "100ms"}},
                {{"id", "ghost"}, {"bus", "dead"}, {"unit", 2}, {"profile", "generic_pump_io"}, {"every", "1m"}}}}}));
  const auto numbers = published();
  ASSERT_GE(numbers.size(), 30U);
  EXPECT_EQ(*numbers.rbegin() - *numbers.begin() + 1, static_cast<long>(numbers.size()));
}

/// The installer changes files on the gateway and sends SIGHUP.
class ChangedFiles : public ChangedSettings {
 protected:
  void SetUp() override {
    ChangedSettings::SetUp();
    agent.emplace(std::vector<std::string>{FETTLE_BINARY, "run", "-c", site});
    ASSERT_TRUE(publish_so_many_more(10)) << agent->output();
  }

  void reload_and_expect(const std::string& line) {
    agent->signal(SIGHUP);
    ASSERT_TRUE(agent->wait_for_line(line, patience)) << agent->output();
  }

  void expect_no_reading_lost() {
    ASSERT_TRUE(publish_so_many_more(10)) << agent->output();
    const auto numbers = published();
    EXPECT_EQ(*numbers.rbegin() - *numbers.begin() + 1, static_cast<long>(numbers.size()));
  }

  /// What the site file of a gateway that runs says in the place of one of its texts.
  void edit(const std::string& what, const std::string& with) const { replace(site, what, with); }

  std::optional<test::Child> agent;
};

TEST_F(ChangedFiles, are_followed_without_missing_a_reading_of_what_they_leave_alone) {
  edit("building: B2", "building: B9");
  edit("{id: ghost, bus: dead, unit: 1,", "{id: \"ghost_{n}\", for: {n: 2..4}, bus: dead, unit: \"{n}\",");
  ASSERT_NO_FATAL_FAILURE(reload_and_expect("the settings are now configuration"));
  ASSERT_TRUE(publish_so_many_more(10)) << agent->output();
  const auto settings = office.ask("config").at("data").at("settings").as_object();
  EXPECT_EQ(settings.at("site").at("building").as_string(), "B9");
  EXPECT_EQ(settings.at("devices").at(1).at("id").as_string(), "ghost_{n}") << "as the installer wrote it";
  EXPECT_TRUE(watch.wait_for("data/ghost_4", patience)) << agent->output();
  expect_no_reading_lost();
}

TEST_F(ChangedFiles, with_mistakes_change_nothing_and_every_mistake_is_told) {
  edit("building: B2", "building: B9, tz: Mars/Olympus");
  edit("{id: ghost, bus: dead, unit: 1,", "{id: ghost, bus: daed, unit: 1,");
  agent->signal(SIGHUP);
  EXPECT_TRUE(agent->wait_for_line("site: \"tz\" stands here twice", patience)) << agent->output();
  EXPECT_TRUE(agent->wait_for_line("devices[1].bus: there is no bus \"daed\" (did you mean \"dead\"?)", patience));
  EXPECT_TRUE(agent->wait_for_line("the former settings stay", patience));
  const auto is_told = [](const Received& received) {
    return received.topic.ends_with("alert/gw-7/config-invalid") &&
           received.payload.find("the former settings stay") != std::string::npos;
  };
  EXPECT_TRUE(watch.wait_for(is_told, patience)) << agent->output();
  EXPECT_EQ(office.ask("config").at("data").at("settings").at("site").at("building").as_string(), "B2");
  expect_no_reading_lost();

  edit("building: B9, tz: Mars/Olympus", "building: B2");
  edit("bus: daed", "bus: dead");
  ASSERT_NO_FATAL_FAILURE(reload_and_expect("the settings are now configuration"));
  EXPECT_TRUE(watch.wait_for(
      [&](const Received& each) { return each.topic.ends_with("alert/gw-7/config-invalid") && !is_told(each); },
      patience));
}

TEST_F(ChangedFiles, that_would_make_another_gateway_of_it_want_a_restart) {
  edit("id: gw-7", "id: gw-8");
  ASSERT_NO_FATAL_FAILURE(reload_and_expect("gateway.id: cannot change while the agent runs (restart it for that)"));
  expect_no_reading_lost();
}

TEST_F(ChangedFiles, are_noticed_in_equipment_models_too) {
  ASSERT_TRUE(watch.wait_for(test::hot_slot, patience)) << agent->output();
  replace(folder.file("equipment/hot_pump.yaml"), "warn: 40, limit: 45", "warn: 60, limit: 65");
  ASSERT_NO_FATAL_FAILURE(reload_and_expect("the settings are now configuration"));
  const auto is_over = [](const Received& each) {
    return each.topic.ends_with(test::hot_slot) && document(each).at("data").at("state").as_string() == "cleared";
  };
  EXPECT_TRUE(watch.wait_for(is_over, patience)) << agent->output();
  expect_no_reading_lost();
}

TEST_F(ChangedFiles, are_noticed_in_profiles_too) {
  const auto profiles = folder.path() / "devices";
  std::filesystem::remove(profiles);
  std::filesystem::copy(FETTLE_SOURCE_DIR "/config/devices", profiles);
  replace(profiles / "generic_pump_io.yaml", "address: 3, type: i16, scale: 0.01",
          "address: 3, type: i16, scale: 0.02");
  ASSERT_NO_FATAL_FAILURE(reload_and_expect("the settings are now configuration"));
  const auto is_doubled = [](const Received& each) {
    if (!each.topic.ends_with("/data/pump")) return false;
    const auto batch = document(each);
    const auto& points = batch.at("points").as_array();
    return std::any_of(points.begin(), points.end(), [](const boost::json::value& point) {
      return point.at("id").as_string() == "bearing_temperature" && point.as_object().contains("value") &&
             point.at("value").to_number<double>() == 92;
    });
  };
  EXPECT_TRUE(watch.wait_for(is_doubled, patience)) << agent->output();
}

/// Runs a program on a terminal of its own, closes the terminal when the program has written a text, and says how the program ended.
constexpr const char* on_a_terminal_that_closes = R"(
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
seen = b""
while sys.argv[1].encode() not in seen:
    seen += os.read(terminal, 4096)
os.close(terminal)
print("ended with", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
)";

TEST_F(ChangedSettings, are_not_meant_by_a_terminal_that_is_closed) {
  test::Child session{
      {"/usr/bin/python3", "-c", on_a_terminal_that_closes, "reading 2 devices", FETTLE_BINARY, "run", "-c", site}};
  EXPECT_TRUE(session.wait_for_line("ended with 0", patience)) << session.output();
}

}  // namespace
}  // namespace fettle
