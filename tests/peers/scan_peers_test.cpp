#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>

#include "support/child.hpp"
#include "support/ports.hpp"
#include "support/serial_pair.hpp"
#include "support/temp_dir.hpp"

namespace fettle {
namespace {

using namespace std::chrono_literals;
using test::Child;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr auto patience = 50s;

/// `fettle` with the shipped profiles and models, and a store that is gone with the test.
class ScanPeers : public testing::Test {
 protected:
  Child fettle(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{FETTLE_BINARY};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return Child{command,
                 {.environment = {{"FETTLE_DATA", FETTLE_SOURCE_DIR "/config"}, {"FETTLE_STORE", folder.file("store")}},
                  .folder = {}}};
  }
  Child meters(std::vector<std::string> units) const {
    units.insert(units.begin(), {"/usr/bin/python3", FETTLE_PEERS_DIR "/meters_peer.py", wire.right()});
    return Child{units};
  }
  Child scan(const std::string& units, std::vector<std::string> further = {}) const {
    std::vector<std::string> arguments{"scan", "modbus-rtu", wire.left(), "--baud",    "9600", "--parity",
                                       "none", "--units",    units,       "--timeout", "300"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return fettle(arguments);
  }

  test::TempDir folder;
  test::SerialPair wire;
};

TEST_F(ScanPeers, six_meters_on_a_line_become_a_site_file_that_runs_as_it_is) {
  auto peer = meters({"2:abb_b21", "3:abb_b23_b24", "5:socomec_diris_a10_a20", "6:schneider_iem3155_iem3255",
                      "8:schneider_pm5100_pm5300", "9:sunspec_meter_203"});
  ASSERT_TRUE(peer.wait_for_line("ready", patience));
  const auto site = folder.file("site.yaml");
  auto scanning = scan("1-9", {"-o", site});
  ASSERT_EQ(scanning.wait(patience), 0) << scanning.output();
  const auto draft = test::read_text(site);
  for (const auto* device : {"unit: 2, profile: abb_b21,", "unit: 3, profile: abb_b23_b24,",
                             "unit: 5, profile: socomec_diris_a10_a20,", "unit: 6, profile: schneider_iem3155_iem3255,",
                             "unit: 8, profile: schneider_pm5100_pm5300,", "unit: 9, profile: sunspec_meter_203,"}) {
    EXPECT_THAT(draft, HasSubstr(device));
  }
  EXPECT_THAT(scanning.output(), AllOf(HasSubstr("nobody speaks on the line"), HasSubstr("CRC errors")));
  auto check = fettle({"check", "-c", site});
  EXPECT_EQ(check.wait(patience), 0) << check.output();
  EXPECT_THAT(check.output(), testing::ContainsRegex("meter_6 .* points: .* every .*s, .* every .*, .* every .*m"));
  auto read = fettle({"read", "-c", site, "meter_6"});
  EXPECT_TRUE(read.wait_for_line(std::regex{"meter_6 +v_l1 +4366 8000 +230.5 +V +good.*"}, patience)) << read.output();
  read.wait(patience);
  auto run = fettle({"run", "-c", site});
  EXPECT_TRUE(run.wait_for_line("reading 6 devices on 1 buses", patience)) << run.output();
  EXPECT_EQ(run.terminate(), 0);
  EXPECT_THAT(run.output(), Not(HasSubstr("error")));
}

TEST_F(ScanPeers, an_unknown_meter_is_described_and_left_out) {
  auto peer = meters({"4:eastron_sdm630"});
  ASSERT_TRUE(peer.wait_for_line("ready", patience));
  auto scanning = scan("4");
  ASSERT_EQ(scanning.wait(patience), 0) << scanning.output();
  EXPECT_THAT(scanning.output(), AllOf(HasSubstr("unit 4 could be eastron_sdm630: "),
                                       HasSubstr("makes sense as f32 with order big: voltage 230.5 at input 0"),
                                       HasSubstr("gives 50 registers from input 0 on in one request"),
                                       HasSubstr("# - {id: device_4, bus: line_1, unit: 4, profile: PROFILE")));
}

TEST_F(ScanPeers, a_file_is_never_written_over_unasked) {
  const auto site = folder.write("site.yaml", "mine");
  auto scanning = scan("4", {"-o", site});
  EXPECT_EQ(scanning.wait(patience), 64);
  EXPECT_THAT(scanning.output(), HasSubstr("exists"));
  EXPECT_EQ(test::read_text(site), "mine");
}

TEST_F(ScanPeers, another_master_on_the_line_is_left_alone) {
  const std::string script =
      "while printf '\\004\\003\\000\\000\\000\\001\\204\\137'; do sleep 0.05; done > " + wire.right();
  Child master{{"/bin/sh", "-c", script}};
  auto scanning = scan("4");
  EXPECT_EQ(scanning.wait(patience), 1);
  EXPECT_THAT(scanning.output(), AllOf(HasSubstr("another master speaks here at 9600 baud 8N1"), HasSubstr("--force")));
}

TEST_F(ScanPeers, ends_with_what_it_has_when_it_is_interrupted) {
  auto peer = meters({"1:eastron_sdm630"});
  ASSERT_TRUE(peer.wait_for_line("ready", patience));
  auto scanning =
      fettle({"scan", "modbus-rtu", wire.left(), "--baud", "9600", "--parity", "none", "--timeout", "5000"});
  ASSERT_TRUE(peer.wait_for_line("asked 2", patience));
  scanning.signal(SIGINT);
  EXPECT_EQ(scanning.wait(patience), 0);
  EXPECT_THAT(scanning.output(), AllOf(HasSubstr("ended early"), HasSubstr("# unit 1: unknown")));
}

TEST(ScanTcpPeers, a_host_that_knows_its_units_is_asked_for_all_of_them) {
  const auto port = std::to_string(test::free_port());
  Child peer{{"/usr/bin/python3", FETTLE_PEERS_DIR "/pymodbus_peer.py", "tcp", port}};
  ASSERT_TRUE(peer.wait_for_line("ready", patience));
  Child scanning{{FETTLE_BINARY, "scan", "modbus-tcp", "127.0.0.1:" + port, "--units", "1-4"},
                 {.environment = {{"FETTLE_DATA", FETTLE_SOURCE_DIR "/config"}}, .folder = {}}};
  ASSERT_EQ(scanning.wait(patience), 0) << scanning.output();
  EXPECT_THAT(scanning.output(), AllOf(HasSubstr("unit 1 could be eastron_sdm630"),
                                       HasSubstr("unit 2 could be eastron_sdm630"), Not(HasSubstr("unit 3 "))));
}

TEST(ScanTcpPeers, a_device_that_takes_any_number_is_found_once) {
  const auto port = std::to_string(test::free_port());
  Child peer{{FETTLE_LIBMODBUS_PEER, port}};
  ASSERT_TRUE(peer.wait_for_line("ready", patience));
  Child scanning{{FETTLE_BINARY, "scan", "modbus-tcp", "127.0.0.1:" + port},
                 {.environment = {{"FETTLE_DATA", FETTLE_SOURCE_DIR "/config"}}, .folder = {}}};
  ASSERT_EQ(scanning.wait(patience), 0) << scanning.output();
  EXPECT_THAT(scanning.output(),
              AllOf(HasSubstr("taken for one device"), HasSubstr("# unit 1: unknown"), Not(HasSubstr("# unit 2"))));
}

class MbusScanPeers : public ScanPeers {
 protected:
  /// The draft is taken as it is, and all three meters are read.
  void expect_that_the_draft_reads(const std::string& site) const {
    auto check = fettle({"check", "-c", site});
    ASSERT_EQ(check.wait(patience), 0) << check.output();
    auto read = fettle({"read", "-c", site});
    EXPECT_EQ(read.wait(patience), 0) << read.output();
    EXPECT_THAT(read.output(), AllOf(testing::ContainsRegex("e_heat +0C 06 45 23 01 00 +12345.0  kWh +good"),
                                     testing::ContainsRegex("p_total +04 2B E8 03 00 00 +1.000  kW +good"),
                                     testing::ContainsRegex("volume +0C 13 21 43 65 00 +654.321  m3 +good")));
  }
};

TEST_F(MbusScanPeers, meters_behind_a_network_converter_become_a_site_file_that_reads_them) {
  const auto port = std::to_string(test::free_port());
  Child peer{{FETTLE_MBUS_PEER, "tcp", port}};
  ASSERT_TRUE(peer.wait_for_line("ready", patience));
  const auto site = folder.file("site.yaml");
  auto scanning = fettle({"scan", "mbus-tcp", "127.0.0.1:" + port, "--quick", "--timeout", "250", "-o", site});
  ASSERT_EQ(scanning.wait(patience), 0) << scanning.output();
  EXPECT_THAT(scanning.output(),
              AllOf(HasSubstr("nobody speaks on the line"), HasSubstr("EMH 87654321, electricity, version 00"),
                    testing::ContainsRegex("voltage|v +voltage +230 V +02 FD 48")));
  EXPECT_THAT(test::read_text(site),
              AllOf(HasSubstr("address: 1, profile: generic_heat_meter_mbus, every: 15m}"),
                    HasSubstr("secondary: \"87654321\", profile: generic_electricity_meter_mbus, every: 1m}"),
                    HasSubstr("secondary: \"12345679\", profile: generic_water_meter_mbus, every: 15m}")));
  expect_that_the_draft_reads(site);
}

TEST_F(MbusScanPeers, meters_on_a_serial_line_become_a_site_file_that_reads_them) {
  Child peer{{FETTLE_MBUS_PEER, "serial", wire.right(), "echo"}};
  ASSERT_TRUE(peer.wait_for_line("ready", patience));
  const auto site = folder.file("site.yaml");
  auto scanning =
      fettle({"scan", "mbus-serial", wire.left(), "--units", "1-3", "--baud", "2400", "--timeout", "1000", "-o", site});
  ASSERT_EQ(scanning.wait(patience), 0) << scanning.output();
  EXPECT_THAT(scanning.output(), HasSubstr("the converter sends back what it is sent"));
  EXPECT_THAT(test::read_text(site), AllOf(HasSubstr("driver: mbus\n"), HasSubstr("baud: 2400\n"),
                                           HasSubstr("address: 3, profile: generic_water_meter_mbus")));
  expect_that_the_draft_reads(site);
}

TEST_F(MbusScanPeers, a_port_that_cannot_be_opened_is_named_with_the_reason) {
  auto missing = fettle({"scan", "mbus-serial", folder.file("ttyUSB7")});
  EXPECT_EQ(missing.wait(patience), 1);
  EXPECT_THAT(missing.output(), AllOf(HasSubstr("ttyUSB7"), HasSubstr("No such file or directory")));
  auto refused = fettle({"scan", "mbus-tcp", "127.0.0.1:" + std::to_string(test::free_port())});
  EXPECT_EQ(refused.wait(patience), 1);
  EXPECT_THAT(refused.output(), HasSubstr("refused"));
}

}  // namespace
}  // namespace fettle
