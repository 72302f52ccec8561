// The M-Bus driver over real wires: a TCP connection and a pair of pseudo terminals, with simulated meters in another process.

#include "acquisition/driver.hpp"
#include "mbus/line.hpp"
#include "mbus/scan.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/child.hpp"
#include "support/ports.hpp"
#include "support/serial_pair.hpp"

#include <optional>

namespace fettle::mbus {
namespace {

using namespace std::chrono_literals;
using test::Child;

acquisition::DeviceProfile shipped(const std::string& name) {
  settings::Mistakes mistakes;
  return acquisition::read_device_profile(
      settings::load_file(FETTLE_SOURCE_DIR "/config/devices/" + name + ".yaml", mistakes), mistakes);
}

class MbusPeers : public testing::TestWithParam<std::string> {
 protected:
  /// The meters as the parameter says: "tcp", "serial", with or without echo.
  void SetUp() override {
    const bool is_serial = GetParam().starts_with("serial");
    if (is_serial) wires_.emplace();
    const auto place = is_serial ? wires_->right() : std::to_string(test::free_port());
    std::vector<std::string> command{FETTLE_MBUS_PEER, is_serial ? "serial" : "tcp", place};
    if (GetParam().ends_with("echo")) command.emplace_back("echo");
    peer_.emplace(command);
    ASSERT_TRUE(peer_->wait_for_line("ready", 20s)) << peer_->output();
    LineSettings settings;
    settings.host = is_serial ? "" : "127.0.0.1";
    settings.port = is_serial ? wires_->left() : "";
    settings.tcp_port = is_serial ? std::uint16_t{0} : static_cast<unsigned short>(std::stoi(place));
    settings.margin = 2s;
    line.emplace(settings);
  }

  std::vector<Reading> read(const std::string& profile_name, const std::string& how) {
    const auto profile = shipped(profile_name);
    settings::Mistakes mistakes;
    const auto node = settings::load_text("{id: meter, every: 1h, " + how + "}", "site.yaml", mistakes);
    const auto driver = line->attach(shared(profile), node, mistakes);
    for (const auto& mistake : mistakes.all()) ADD_FAILURE() << to_text(mistake);
    std::vector<Reading> into(profile.points.size());
    const auto good = driver->read(into);
    if (!good) ADD_FAILURE() << good.error().detail;
    return into;
  }

  std::optional<test::SerialPair> wires_;
  std::optional<Child> peer_;
  std::optional<Line> line;
};

TEST_P(MbusPeers, give_their_readings_by_primary_and_by_secondary_address) {
  for (const auto* const how : {"address: 1", "secondary: \"12345678\"", "secondary: \"12345678 KAM 1B 04\""}) {
    const auto heat = read("generic_heat_meter_mbus", how);
    EXPECT_DOUBLE_EQ(heat.at(0).value, 12345) << how;
    EXPECT_DOUBLE_EQ(heat.at(4).value, 70.5) << how;
    for (const auto& reading : heat) EXPECT_TRUE(reading.is_good()) << how;
  }
  const auto electricity = read("generic_electricity_meter_mbus", "address: 2");
  EXPECT_DOUBLE_EQ(electricity.at(0).value, 123.456);  // of the first telegram
  EXPECT_DOUBLE_EQ(electricity.at(1).value, 1);        // of the second
  EXPECT_DOUBLE_EQ(read("generic_water_meter_mbus", "secondary: \"12345679\"").at(0).value, 654.321);
}

TEST_P(MbusPeers, are_found_by_a_scan) {
  // Silence costs real time here, so only what answers is asked.
  const auto outcome = scan_primary(line->master(), {1, 3}, {});
  std::vector<std::string> found;
  for (const auto& meter : outcome.meters) found.push_back(to_text(*meter.secondary));
  EXPECT_THAT(found, testing::ElementsAre("12345678 KAM 1B 04", "87654321 EMH 00 02", "12345679 KAM 01 07"));
  EXPECT_FALSE(outcome.failure);
  const auto exact = scan_secondary(line->master(), *parse_secondary("12345679"), {});
  ASSERT_EQ(exact.meters.size(), 1U);
  EXPECT_EQ(exact.meters[0].records.at(1).selector, "volume");
}

INSTANTIATE_TEST_SUITE_P(wires, MbusPeers, testing::Values("tcp", "tcp_with_echo", "serial", "serial_with_echo"),
                         [](const auto& wire) { return wire.param; });

}  // namespace
}  // namespace fettle::mbus
