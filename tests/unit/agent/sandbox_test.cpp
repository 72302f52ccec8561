#include "sandbox.hpp"

#include "site_patches.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <boost/json.hpp>

namespace fettle {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string site(const std::string& buses, const std::string& store = "/var/lib/fettle") {
  return fmt::format("gateway: {{id: gw-1}}\nsite: {{id: HQ, tz: Europe/Berlin}}\nstore: {{folder: {}}}\nbuses:\n{}",
                     store, buses);
}

std::vector<std::string> allowed(const std::string& buses) {
  settings::Mistakes mistakes;
  const auto read = settings::read_site(settings::load_text(site(buses), "site.yaml", mistakes), mistakes);
  auto devices = allowed_devices(read.buses, mistakes);
  EXPECT_THAT(mistakes.all(), IsEmpty());
  return devices;
}

/// What is said of a port or chip that no sandbox is opened for.
std::string refusal(const std::string& bus) {
  const test::TempDir folder;
  try {
    const auto devices = allowed_devices(folder.write("site.yaml", site("  - {id: a, " + bus + "}\n")));
    return "allowed: " + testing::PrintToString(devices);
  } catch (const settings::SettingsError& mistakes) {
    return mistakes.what();
  }
}

TEST(Sandbox, opens_nothing_for_the_network) {
  EXPECT_THAT(allowed("  - {id: a, driver: modbus_tcp, host: 10.0.0.7, port: 502}\n"
                      "  - {id: b, driver: mbus, host: 10.0.0.8, port: 10001}\n"
                      "  - {id: c, driver: mqtt, url: \"mqtt://127.0.0.1:1883\"}\n"),
              IsEmpty());
}

TEST(Sandbox, opens_a_fixed_port_alone) {
  EXPECT_THAT(allowed("  - {id: a, driver: modbus_rtu, port: /dev/ttyS1}\n"
                      "  - {id: b, driver: mbus, port: /dev/ttyAMA0}\n"),
              ElementsAre("/dev/ttyAMA0", "/dev/ttyS1"));
}

TEST(Sandbox, opens_adapters_whatever_number_they_come_back_under) {
  for (const auto* port : {"/dev/ttyUSB0", "/dev/serial/by-id/usb-FTDI-if00-port0", "\"usb:0403:6001\""}) {
    EXPECT_THAT(allowed("  - {id: a, driver: modbus_rtu, port: " + std::string{port} + "}\n"),
                ElementsAre("char-ttyACM", "char-ttyUSB"));
  }
}

TEST(Sandbox, opens_the_chip_of_pulse_inputs) {
  EXPECT_THAT(allowed("  - {id: a, driver: pulse}\n"), ElementsAre("/dev/gpiochip0"));
  EXPECT_THAT(allowed("  - {id: a, driver: pulse, chip: /dev/gpiochip2}\n"), ElementsAre("/dev/gpiochip2"));
  EXPECT_THAT(allowed("  - {id: a, driver: pulse, chip: pinctrl-rp1}\n"), ElementsAre("char-gpiochip"));
}

TEST(Sandbox, writes_no_name_that_is_more_than_a_device) {
  for (const auto* const name : {"/dev/sda rw\\nExecStartPre=+/bin/sh -c id", "/dev/../dev/sda", "/dev/ttyS1 rw",
                                 "/dev/tty%n", "/etc/shadow", "/dev/a\\\\x20b"}) {
    EXPECT_THAT(refusal(fmt::format("driver: modbus_rtu, port: \"{}\"", name)),
                HasSubstr("port: cannot be opened for the service"))
        << name;
    EXPECT_THAT(refusal(fmt::format("driver: pulse, chip: \"{}\"", name)),
                HasSubstr("chip: cannot be opened for the service"))
        << name;
  }
}

TEST(Sandbox, never_repeats_what_names_a_plugged_in_adapter) {
  EXPECT_THAT(allowed("  - {id: a, driver: modbus_rtu, port: \"/dev/ttyUSB0\\nExecStartPre=+/bin/id\"}\n"),
              ElementsAre("char-ttyACM", "char-ttyUSB"));
}

TEST(Sandbox, is_not_widened_by_what_lies_in_the_service_s_own_folder) {
  const test::TempDir folder;
  SitePatches patches;
  SitePatch patch;
  patch.patch = boost::json::parse(R"({"buses":[{"id":"a","driver":"modbus_rtu","port":"/dev/sda"}]})").as_object();
  patches.add(patch);
  ASSERT_TRUE(save_patches(folder.path().string(), patches));
  const auto file =
      folder.write("site.yaml", site("  - {id: a, driver: modbus_rtu, port: /dev/ttyS1}\n", folder.path().string()));
  EXPECT_THAT(allowed_devices(file), ElementsAre("/dev/ttyS1"));
}

}  // namespace
}  // namespace fettle
