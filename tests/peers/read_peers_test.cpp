#include "commands/read.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "support/child.hpp"
#include "support/ports.hpp"
#include "support/temp_dir.hpp"

namespace fettle::commands {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

/// A pump that is there but for one register, and a chiller that nobody has connected.
class ReadPeers : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/devices", folder.path() / "devices");
    ASSERT_TRUE(peer.wait_for_line("ready", 20s));
  }

  Installation installation() const {
    return load_installation(folder.write(
        "site.yaml", fmt::format("gateway: {{id: gw-1}}\n"
                                 "site: {{id: HQ, tz: Europe/Berlin, building: B2}}\n"
                                 "store: {{folder: {0}}}\n"
                                 "buses:\n"
                                 "  - {{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: {1}, timeout: 5s}}\n"
                                 "  - {{id: line, driver: modbus_rtu, port: {0}/tty}}\n"
                                 "devices:\n"
                                 "  - {{id: pump, bus: lan, unit: 1, profile: generic_pump_io, every: 1s}}\n"
                                 "  - {{id: chiller, bus: line, unit: 1, profile: generic_chiller_io, every: 1s}}\n",
                                 folder.path().string(), port)));
  }

  test::TempDir folder;
  unsigned short port = test::free_port();
  test::Child peer{{FETTLE_LIBMODBUS_PEER, std::to_string(port)}};
};

TEST_F(ReadPeers, shows_each_point_with_what_was_on_the_wire) {
  const auto table = to_table(read_field(installation(), {"pump"}));
  EXPECT_THAT(table, HasSubstr("pump    vibration            009B   1.55  mm/s  good"));
  EXPECT_THAT(table, HasSubstr("pump    ambient_temperature  -         -  Cel   bad (unsupported)"));
  EXPECT_THAT(table, Not(HasSubstr("chiller")));
}

TEST_F(ReadPeers, says_what_a_device_that_gave_nothing_lacks) {
  const auto report = read_field(installation(), {});
  EXPECT_FALSE(report.all_good());
  EXPECT_EQ(report.points.size(), 11U);
  EXPECT_THAT(report.failures, testing::ElementsAre(HasSubstr("tty (No such file or directory)")));
}

TEST_F(ReadPeers, writes_json_for_machines) {
  const auto json = to_json(read_field(installation(), {"pump"}));
  EXPECT_THAT(json,
              HasSubstr(R"({"device":"pump","point":"vibration","source":"modbus:1:40003","raw":"009B","value":1.55E0,)"
                        R"("unit":"mm/s","quality":"good","milliseconds":)"));
  EXPECT_THAT(json, HasSubstr(R"("value":null,"unit":"Cel","quality":"bad","reason":"unsupported")"));
}

}  // namespace
}  // namespace fettle::commands
