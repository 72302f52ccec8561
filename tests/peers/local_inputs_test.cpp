#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <regex>

#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/temp_dir.hpp"

namespace fettle::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* buses =
    "gateway: {{id: gw-1}}\n"
    "site: {{id: HQ, tz: Europe/Berlin}}\n"
    "store: {{folder: {0}/store}}\n"
    "buses:\n"
    "  - {{id: plugs, driver: mqtt, url: 'mqtt://127.0.0.1:{1}'}}\n"
    "  - {{id: board, driver: sysfs, root: {0}}}\n"
    "  - {{id: inputs, driver: pulse, chip: {0}/gpiochip0}}\n"
    "  - {{id: history, driver: csv}}\n";

constexpr const char* devices =
    "devices:\n"
    "  - {id: plug, bus: plugs, device: tasmota_7, profile: generic_tasmota_plug, every: 1m}\n"
    "  - {id: pipe, bus: board, one_wire: 28-0000072a1b3c, profile: generic_ds18b20, every: 30s}\n"
    "  - {id: meter, bus: inputs, line: 17, pulses_per: 1000/kWh, profile: generic_s0_pulse_counter, every: 1m}\n"
    "  - id: ahu\n"
    "    bus: history\n"
    "    file: ahu.csv\n"
    "    every: 1m\n"
    "    profile: {protocol: csv, time: {column: t}, points: {dp: {quantity: pressure, unit: Pa, column: dp}}}\n";

/// A site with one device of each kind, none of them Modbus.
class LocalInputs : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/devices", folder.path() / "devices");
    std::filesystem::create_directories(folder.path() / "bus/w1/devices/28-0000072a1b3c");
    std::ofstream{folder.path() / "bus/w1/devices/28-0000072a1b3c/w1_slave"}
        << "73 01 4b 46 7f ff 0d 10 41 : crc=41 YES\n73 01 4b 46 7f ff 0d 10 41 t=23187\n";
    folder.write("ahu.csv", "t;dp\n2024-01-01 00:00;125,5\n2024-01-01 00:01;126,5\n");
    site = folder.write("site.yaml", fmt::format(buses, folder.path().string(), broker.port()) + devices);
  }
  Child fettle(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), FETTLE_BINARY);
    return Child{std::move(arguments)};
  }

  TempDir folder;
  Mosquitto broker{"log_type subscribe\nlog_type information"};
  std::string site;
};

TEST_F(LocalInputs, are_listed_and_checked_without_being_opened) {
  auto list = fettle({"list", "drivers"});
  EXPECT_EQ(list.wait(20s), 0);
  for (const auto* const driver : {"\ncsv ", "\nmqtt ", "\npulse ", "\nsysfs "})
    EXPECT_THAT("\n" + list.output(), HasSubstr(driver));
  broker.stop();
  auto check = fettle({"check", "-c", site});
  EXPECT_EQ(check.wait(20s), 0) << check.output();
}

TEST_F(LocalInputs, are_read_once_for_the_installer) {
  auto read = fettle({"read", "-c", site});
  ASSERT_TRUE(broker.wait_for_line(std::regex{"tele/tasmota_7/SENSOR"}, 20s));
  Child publisher{
      {"mosquitto_pub", "-p", std::to_string(broker.port()), "-t", "tele/tasmota_7/SENSOR", "-m",
       R"({"ENERGY":{"Power":1500,"Voltage":231,"Current":6.5,"Factor":1,"ApparentPower":1500,"ReactivePower":0,"Total":3.7}})"}};
  EXPECT_EQ(read.wait(30s), 1) << "a meter without a chip is missing";
  const auto table = read.output();
  EXPECT_THAT(table, AllOf(HasSubstr("231.0"), HasSubstr("23.19"), HasSubstr("125.5")));
  EXPECT_THAT(table, HasSubstr("gpiochip0 (No such file or directory)"));
}

TEST_F(LocalInputs, say_that_a_plug_kept_silent) {
  auto read = fettle({"read", "-c", site, "plug"});
  EXPECT_EQ(read.wait(40s), 1);
  EXPECT_THAT(read.output(), HasSubstr("plug: said nothing of its own accord within 10s"));
}

/// The agent at its own store, asked over its local door for what it has read: rows by their own times along the domain clock.
TEST_F(LocalInputs, are_played_by_the_agent) {
  auto agent = fettle({"run", "-c", site, "--speed", "1@2024-01-01T00:01:00Z"});
  ASSERT_TRUE(agent.wait_for_line("reading 4 devices on 4 buses", 20s));
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  std::string table;
  while (table.find("126.5") == std::string::npos && std::chrono::steady_clock::now() < deadline) {
    auto read = fettle({"read", "-c", site, "ahu"});
    read.wait(20s);
    table = read.output();
  }
  EXPECT_THAT(table, HasSubstr("126.5"));
  EXPECT_EQ(agent.terminate(), 0);
}

}  // namespace
}  // namespace fettle::test
