#include "commands/doctor.hpp"
#include "examination.hpp"
#include "line_budget.hpp"
#include "support/certificates.hpp"
#include "support/ports.hpp"
#include "support/serial_pair.hpp"
#include "support/temp_dir.hpp"

#include "doctor/visits.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <filesystem>
#include <set>

namespace fettle::doctor {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr Time noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{12};

/// "problem port of line: /dev/ttyUSB9 is not there -> check the plug"
std::vector<std::string> texts(const std::vector<Diagnosis>& found) {
  std::vector<std::string> all;
  for (const auto& each : found)
    all.push_back(fmt::format("{} {}: {} -> {}", name_of(each.grade), each.about, each.text, each.remedy));
  return all;
}

class Checks : public testing::Test {
 protected:
  Checks() {
    fs::create_directory_symlink(FETTLE_SOURCE_DIR "/config/devices", folder.path() / "devices");
    fs::create_directories(folder.path() / "proc/self");
    fs::create_directories(folder.path() / "sys");
    fs::create_directories(folder.path() / "store");
    patient.roots.proc = folder.path() / "proc";
    patient.roots.sys = folder.path() / "sys";
    patient.roots.dev = folder.path() / "dev";
    patient.roots.clock = {folder.path() / "synchronised", folder.path() / "none", folder.path() / "none"};
    patient.now = noon;
  }

  /// Of a site with these further lines.
  std::vector<std::string> look(const std::string& check, const std::string& settings) {
    patient.site_file = folder.write(
        "site.yaml",
        fmt::format("gateway: {{id: gw-1}}\nsite: {{id: HQ, tz: Europe/Berlin}}\nstore: {{folder: {}}}\n{}",
                    folder.file("store"), settings));
    patient.installation = load_installation(patient.site_file);
    EXPECT_THAT(patient.installation->confined.all(), IsEmpty());
    return texts(Registry<DoctorCheck>::instance().find(check)->make(patient));
  }

  std::vector<std::string> look_at_line(int baud, const std::string& every) {
    std::string devices;
    for (int unit = 1; unit <= 10; ++unit)
      devices +=
          fmt::format("  - {{id: m{0}, bus: line, unit: {0}, profile: generic_pump_io, every: {1}}}\n", unit, every);
    return look("line_time",
                fmt::format("buses:\n  - {{id: line, driver: modbus_rtu, port: /dev/x, baud: {}}}\ndevices:\n{}", baud,
                            devices));
  }

  static std::string rtu(const std::string& port) {
    return fmt::format(
        "buses:\n  - {{id: line, driver: modbus_rtu, port: \"{}\", baud: 19200}}\n"
        "devices:\n  - {{id: m, bus: line, unit: 1, profile: generic_pump_io, every: 10s}}\n",
        port);
  }

  test::TempDir folder;
  Patient patient;
};

TEST_F(Checks, count_the_time_of_a_serial_line) {
  EXPECT_THAT(look_at_line(9600, "10s"),
              Contains(AllOf(HasSubstr("ok line line:"), HasSubstr("at 9600 baud for 10 devices"))));
  EXPECT_THAT(look_at_line(9600, "250ms"),
              Contains(AllOf(HasSubstr("problem line line:"), HasSubstr("a second line"))));
  EXPECT_THAT(look_at_line(115200, "250ms"), Contains(HasSubstr("ok line line:"))) << "the remedy helps";
}

TEST_F(Checks, compute_the_time_of_a_poll_from_bytes_and_baud) {
  look("line_time",
       "buses:\n  - {id: line, driver: modbus_rtu, port: /dev/x, baud: 9600, parity: even}\n"
       "devices:\n  - {id: m, bus: line, unit: 1, every: 1s, profile: {protocol: modbus, points: "
       "{v: {quantity: voltage, unit: V, address: 0, type: u16}}}}\n");
  const auto budget = line_budget(*patient.installation, patient.installation->site.buses[0]);
  ASSERT_TRUE(budget);
  // 8 + 5 + 2 characters of 11 bits, twice 3.5 characters of silence, 10 ms for the device.
  EXPECT_NEAR(budget->share, 22 * 11 / 9600.0 + 0.010, 1e-4);
  EXPECT_EQ(budget->greediest, "m");
}

TEST_F(Checks, leave_networks_out_of_the_time_of_lines) {
  EXPECT_THAT(look("line_time",
                   "buses:\n  - {id: lan, driver: modbus_tcp, host: 127.0.0.1}\n"
                   "devices:\n  - {id: m, bus: lan, unit: 1, profile: generic_pump_io, every: 10s}\n"),
              IsEmpty());
}

TEST_F(Checks, find_a_port_that_is_not_there) {
  EXPECT_THAT(look("ports", rtu("/dev/ttyUSB77")),
              Contains(AllOf(HasSubstr("problem port of line: /dev/ttyUSB77 is not there"),
                             HasSubstr("no USB adapter is plugged in"))));
  EXPECT_THAT(look("ports", rtu("usb:0403:6001")),
              Contains(HasSubstr("problem port of line: no adapter usb:0403:6001")));
}

TEST_F(Checks, find_nothing_wrong_with_a_port_that_is_free) {
  const test::SerialPair wire;
  const auto found = look("ports", rtu(wire.left()));
  EXPECT_THAT(found, Contains(HasSubstr("can be used by the user")));
  EXPECT_THAT(found, Contains(HasSubstr("free, and does 19200 baud")));
}

TEST_F(Checks, name_whoever_holds_a_port_and_leave_it_alone) {
  const test::SerialPair wire;
  fs::create_directories(folder.path() / "proc/77/fd");
  folder.write("proc/77/comm", "ModemManager\n");
  fs::create_symlink(wire.left(), folder.path() / "proc/77/fd/5");
  EXPECT_THAT(look("ports", rtu(wire.left())),
              Contains(AllOf(HasSubstr("is held by ModemManager (process 77)"), HasSubstr("mask --now ModemManager"))));
}

TEST_F(Checks, do_not_open_the_port_of_a_running_agent) {
  const test::SerialPair wire;
  patient.agent = AgentStatus{};
  patient.agent->buses = {{"line", true, {}, {}}};
  EXPECT_THAT(look("ports", rtu(wire.left())), Contains(HasSubstr("held by the running agent; not opened")));
}

TEST_F(Checks, advise_a_name_that_stays) {
  fs::create_directories(folder.path() / "dev/serial/by-id");
  const auto port = folder.write("dev/ttyUSB0", "");
  fs::create_symlink("../../ttyUSB0", folder.path() / "dev/serial/by-id/usb-FTDI-if00-port0");
  EXPECT_THAT(look("ports", rtu(port)), Contains(AllOf(HasSubstr("may be another adapter"), HasSubstr("port: "),
                                                       HasSubstr("by-id/usb-FTDI-if00-port0"))));
}

TEST_F(Checks, see_a_port_that_the_service_may_not_open_yet) {
  const auto generator = folder.write("generator", "");
  patient.roots.service = {folder.path() / "site.yaml", generator, folder.path() / "devices.conf"};
  EXPECT_THAT(look("sandbox", rtu("/dev/ttyS1")),
              Contains(AllOf(HasSubstr("problem service: systemd does not let it open /dev/ttyS1 yet"),
                             HasSubstr("daemon-reload; systemctl restart fettle"))))
      << "the site file is younger than the last reload";
  folder.write("devices.conf", "# made by hand\n[Service]\nDeviceAllow=/dev/ttyS11 rw\nDeviceAllow=/dev/ttyS1 rw\n");
  EXPECT_THAT(look("sandbox", rtu("/dev/ttyS1")), Contains(HasSubstr("ok service: systemd lets it open /dev/ttyS1")));
  EXPECT_THAT(look("sandbox", rtu("/dev/ttyS2")), Contains(HasSubstr("problem service:")));
  EXPECT_THAT(look("sandbox", rtu("usb:0403:6001")), Contains(HasSubstr("char-ttyACM, char-ttyUSB")));
}

TEST_F(Checks, say_that_a_patched_port_stays_shut) {
  patient.roots.service = {folder.path() / "site.yaml", folder.write("generator", ""), folder.path() / "devices.conf"};
  folder.write("devices.conf", "[Service]\nDeviceAllow=/dev/ttyS1 rw\n");
  folder.write(
      "store/config-patches.json",
      R"({"highest":1,"patches":[{"rev":1,"by":"dispatch","jti":"j","at":"2026-01-01T00:00:00Z","patch":{"buses":[)"
      R"({"id":"line","driver":"modbus_rtu","port":"/dev/ttyS2"}]}}]})");
  const auto found = look("sandbox", rtu("/dev/ttyS1"));
  EXPECT_THAT(found, Contains(AllOf(HasSubstr("problem service: a change from the back office names /dev/ttyS2"),
                                    HasSubstr("name the port in"))));
  EXPECT_THAT(found, Contains(HasSubstr("ok service: systemd lets it open /dev/ttyS1")));
}

TEST_F(Checks, know_that_only_the_service_is_in_a_sandbox) {
  patient.roots.service = {folder.path() / "site.yaml", folder.path() / "none", folder.path() / "none"};
  EXPECT_THAT(look("sandbox", rtu("/dev/ttyS1")), IsEmpty()) << "the package is not installed";
  patient.roots.service = {folder.write("etc.yaml", ""), folder.write("generator", ""), folder.path() / "none"};
  EXPECT_THAT(look("sandbox", rtu("/dev/ttyS1")), IsEmpty()) << "another site file";
}

TEST_F(Checks, tell_the_ways_a_connection_fails_apart) {
  const auto text = fmt::format(
      "buses:\n  - {{id: shut, driver: modbus_tcp, host: 127.0.0.1, port: {}}}\n"
      "  - {{id: wrong, driver: modbus_tcp, host: no-such-host.invalid}}\n"
      "devices:\n  - {{id: m, bus: shut, unit: 1, profile: generic_pump_io, every: 10s}}\n",
      test::free_port());
  const auto found = look("network", text);
  EXPECT_THAT(found, Contains(AllOf(HasSubstr("problem bus shut:"), HasSubstr("refuses port"))));
  EXPECT_THAT(found, Contains(AllOf(HasSubstr("problem bus wrong:"), HasSubstr("no-such-host.invalid"))));
  const std::set<std::string> remedies{remedy_of(Visit::End::no_such_name), remedy_of(Visit::End::no_name_server),
                                       remedy_of(Visit::End::refused), remedy_of(Visit::End::no_route),
                                       remedy_of(Visit::End::silent)};
  EXPECT_EQ(remedies.size(), 5U);
}

TEST_F(Checks, know_the_ports_that_settings_leave_out) {
  const auto found = look("network",
                          "buses:\n  - {id: lan, driver: modbus_tcp, host: 127.0.0.1}\n"
                          "  - {id: heat, driver: mbus, host: 127.0.0.1}\n"
                          "  - {id: plugs, driver: mqtt, url: \"mqtt://127.0.0.1\"}\n");
  EXPECT_THAT(found, Contains(AllOf(HasSubstr("bus lan:"), HasSubstr("502"))));
  EXPECT_THAT(found, Contains(AllOf(HasSubstr("bus heat:"), HasSubstr("10001"))));
  EXPECT_THAT(found, Contains(AllOf(HasSubstr("bus plugs:"), HasSubstr("1883"))));
}

TEST_F(Checks, take_a_name_for_all_its_addresses) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor listening{context, {boost::asio::ip::address_v4::loopback(), 0}};
  const Endpoint target{"localhost", listening.local_endpoint().port()};
  EXPECT_EQ(visit({target}, std::chrono::seconds{20}).front().end, Visit::End::connected);
}

TEST_F(Checks, do_not_take_the_only_connection_from_a_running_agent) {
  patient.agent = AgentStatus{};
  patient.agent->buses = {{"lan", true, {}, {}}};
  EXPECT_THAT(
      look("network", fmt::format("buses:\n  - {{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: {}}}\n"
                                  "devices:\n  - {{id: m, bus: lan, unit: 1, profile: generic_pump_io, every: 10s}}\n",
                                  test::free_port())),
      Contains(HasSubstr("ok bus lan:")));
}

TEST_F(Checks, know_what_kind_of_disk_the_store_lies_on) {
  const auto on = [this](const std::string& mount) {
    folder.write("proc/self/mountinfo", "27 1 179:2 / / rw - " + mount + " rw\n");
    return look("store", "");
  };
  EXPECT_THAT(on("tmpfs tmpfs"),
              Contains(AllOf(HasSubstr("warning store: tmpfs"), HasSubstr("gone with a power cut"))));
  EXPECT_THAT(on("ext4 /dev/sda1"), Contains(HasSubstr("ok store: ext4 on /dev/sda1; at most 20 MB a day")));
  fs::create_directories(folder.path() / "sys/block/mmcblk0/device");
  folder.write("sys/block/mmcblk0/device/type", "SD\n");
  EXPECT_THAT(on("ext4 /dev/mmcblk0p2"), Contains(HasSubstr("warning store: ext4 on /dev/mmcblk0p2, an SD card")));
  folder.write("sys/block/mmcblk0/device/type", "MMC\n");
  EXPECT_THAT(on("ext4 /dev/mmcblk0p2"), Contains(HasSubstr("ok store: ext4 on /dev/mmcblk0p2;")));
}

TEST_F(Checks, say_how_much_may_be_stored) { EXPECT_THAT(look("store", ""), Contains(HasSubstr("may grow by"))); }

TEST_F(Checks, doubt_a_clock_that_nobody_keeps_right) {
  EXPECT_THAT(look("clock", ""), Contains(HasSubstr("warning clock: 2026-03-01T12:00:00Z, and no time server")));
  folder.write("synchronised", "");
  EXPECT_THAT(look("clock", ""), Contains(HasSubstr("ok clock: 2026-03-01T12:00:00Z, synchronised")));
  patient.now = Time{};
  EXPECT_THAT(look("clock", ""), Contains(HasSubstr("problem clock: it is 1970-01-01T00:00:00Z")));
}

TEST_F(Checks, see_secrets_that_are_none) {
  const auto file = folder.write("password", "secret\n");
  const auto text = fmt::format("broker: {{url: \"mqtt://127.0.0.1:1\", username: u, password_file: {}}}\n", file);
  fs::permissions(file, fs::perms{0644});
  EXPECT_THAT(look("certificates", text), Contains(AllOf(HasSubstr("warning password:"), HasSubstr("chmod 600"))));
  fs::permissions(file, fs::perms{0600});
  EXPECT_THAT(look("certificates", text), IsEmpty());
  EXPECT_THAT(look("certificates", "broker: {url: \"mqtt://127.0.0.1:1\"}\n"),
              Contains(HasSubstr("neither a certificate nor a password")));
}

TEST_F(Checks, look_at_what_sparkplug_s_own_broker_knows_the_gateway_by) {
  const test::Authority authority{folder.path()};
  const auto own = authority.issue("gw-1", -1);
  const auto text = fmt::format(
      "broker: {{url: \"mqtt://127.0.0.1:1\", sparkplug: {{url: \"mqtts://127.0.0.1:2\", tls: {{ca: {}, certificate: "
      "{}, "
      "key: {}}}}}}}\n",
      authority.certificate(), own.certificate, own.key);
  patient.now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  EXPECT_THAT(look("certificates", text),
              Contains(AllOf(HasSubstr("problem sparkplug certificate:"), HasSubstr("has ended on"))));
}

TEST_F(Checks, go_on_without_settings) {
  patient = admit(folder.write("broken.yaml", "gateway: 7\n"));
  EXPECT_FALSE(patient.installation);
  const auto all = examine(patient);
  EXPECT_TRUE(commands::has_problem(all));
  const auto text = commands::to_text(all, commands::Colours::off);
  EXPECT_THAT(text, HasSubstr("problem  settings: "));
  EXPECT_THAT(text, HasSubstr("broken.yaml:1:"));
  EXPECT_THAT(text, HasSubstr("machine: ")) << "the rest is looked at all the same";
}

}  // namespace
}  // namespace fettle::doctor
