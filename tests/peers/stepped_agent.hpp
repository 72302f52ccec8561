#pragma once

#include "peers/faked_clock.hpp"
#include "support/child.hpp"
#include "support/hot_pump.hpp"
#include "support/mosquitto.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"
#include "torture/ledger.hpp"
#include "torture/levers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <filesystem>

namespace fettle::test {

/// The real agent at the real speed with two thermometers, a model that makes up its mind within seconds, and a clock that can be set.
class SteppedAgent : public testing::Test {
 protected:
  static constexpr std::chrono::seconds patience{40};
  static constexpr double well = 20, ill = 46;

  void SetUp() override {
    std::filesystem::create_directory(folder.path() / "devices");
    std::filesystem::create_directory(folder.path() / "equipment");
    folder.write("devices/board.yaml", R"(title: Thermometers
maker: test
models: [test]
protocol: modbus
verified: false
defaults: {table: holding, type: i16}
points:
  t1: {quantity: temperature, unit: degC, address: 0, scale: 0.01}
  t2: {quantity: temperature, unit: degC, address: 1, scale: 0.01}
)");
    folder.write("equipment/hot_pump.yaml", hot_pump_model("1s", "heat"));
    levers.set(0, well);
    levers.set(1, well);
  }

  /// `source` is gateway.clock of the site.
  std::string site(const std::string& source) const {
    return folder.write("site.yaml", fmt::format(R"(gateway: {{id: gw-8, clock: {}, heartbeat: 10s}}
site: {{id: HQ, tz: Europe/Berlin, building: B2}}
broker: {{url: "mqtt://127.0.0.1:{}"}}
store: {{folder: {}}}
buses: [{{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: {}, timeout: 5s}}]
devices: [{{id: board, bus: lan, unit: 1, profile: board, every: 200ms}}]
assets:
  - {{id: PUMP-1, name: Pump 1, model: hot_pump, points: {{bearing_temperature: board/t1}}}}
  - {{id: PUMP-2, name: Pump 2, model: hot_pump, points: {{bearing_temperature: board/t2}}}}
)",
                                                 source, broker.port(), folder.file("store"), levers.port()));
  }

  Child run(const std::string& source, const FakedClock& clock) const {
    return Child{{FETTLE_BINARY, "run", "-c", site(source)}, {clock.environment(), {}}};
  }

  /// Listens until the book says so. Every document on the way is held against the rules of the contract.
  bool until(const std::function<bool(const Ledger&)>& true_now, std::chrono::seconds within = patience) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (!true_now(ledger)) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      const auto message = subscriber.next(std::max(left, std::chrono::milliseconds{0}));
      if (!message) return false;
      ledger.take(*message);
    }
    return true;
  }
  bool until_state(const std::string& slot, const std::string& state, std::chrono::seconds within = patience) {
    const auto says_so = [&](const Ledger& book) {
      return book.row(slot) != nullptr && book.row(slot)->state == state;
    };
    return until(says_so, within);
  }

  /// It has been up for a heartbeat, in which it would have made up its mind several times.
  bool lives_for_a_heartbeat() {
    const auto online = [](const Received& each) { return each.payload.find(R"("online")") != std::string::npos; };
    return subscriber.wait_for(online, patience) && subscriber.wait_for(online, patience);
  }

  TempDir folder;
  Levers levers{2};
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "fettle/v1/gw-8/#"};
  Ledger ledger;
};

}  // namespace fettle::test
