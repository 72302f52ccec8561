#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "support/child.hpp"
#include "support/hot_pump.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

namespace fettle::test {

inline constexpr std::chrono::seconds patience{20};

/// A pump whose bearing is at 46 °C for a model that calls 45 °C the limit, one device that nobody has connected, and one with a mistake;
/// the real binary between a Modbus server on libmodbus and a real broker.
class RunningAgent : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/devices", folder.path() / "devices");
    std::filesystem::create_directory(folder.path() / "equipment");
    folder.write("equipment/hot_pump.yaml", hot_pump_model(pace()));
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
{})",
                                                 broker.port(), store, modbus_port, free_port(), further_settings()));
    std::vector<std::string> command{FETTLE_LIBMODBUS_PEER, std::to_string(modbus_port)};
    if (counts_requests()) command.emplace_back("count");
    peer.emplace(command);
    ASSERT_TRUE(peer->wait_for_line("ready", patience));
  }

  /// How often the pump is judged.
  virtual std::string pace() { return "1h"; }
  /// True if the pump's power shall be the number of times it was read, in hundredths.
  virtual bool counts_requests() { return false; }
  /// Further entries of the site file.
  virtual std::string further_settings() { return {}; }

  Child run(const std::string& start = "2026-06-01T00:00:00Z") const {
    return Child{{FETTLE_BINARY, "run", "-c", site, "--speed", "3600@" + start}};
  }

  static void replace(const std::string& file, const std::string& what, const std::string& with) {
    std::ifstream in{file};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    in.close();
    ASSERT_NE(text.find(what), std::string::npos) << what;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
      text.replace(at, what.size(), with);
    }
    std::ofstream{file} << text;
  }

  static boost::json::object document(const Received& received) {
    return boost::json::parse(received.payload).as_object();
  }

  static std::string episode(const Received& received) {
    return document(received).at("data").at("id").as_string().c_str();
  }

  static std::int64_t revision(const Received& received) { return document(received).at("data").at("rev").as_int64(); }

  TempDir folder;
  std::string store = folder.file("store");
  std::string site;
  Mosquitto broker;
  unsigned short modbus_port = free_port();
  std::optional<Child> peer;
};

/// The same in real time: back offices count by it too. The pump is judged by the second.
class RealTimeAgent : public RunningAgent {
 protected:
  std::string pace() override { return "1s"; }
  void SetUp() override {
    RunningAgent::SetUp();
    replace(site, "every: 5m", "every: 100ms");
    replace(site, "heartbeat: 1h", "heartbeat: 10s, clock: trust");
  }
};

inline constexpr const char* hot_slot = "alert/PUMP-1/overheating";

}  // namespace fettle::test
