#include "acquisition/driver.hpp"

#include <gmock/gmock.h>

#include "support/mistakes.hpp"
#include "support/ports.hpp"

#include <fmt/format.h>

namespace fettle::acquisition {
namespace {

using test::texts;
using testing::ElementsAre;
using testing::IsEmpty;

class LinesTest : public testing::Test {
 protected:
  std::unique_ptr<Line> line(const std::string& driver, const std::string& bus) {
    return Registry<Line>::instance().find(driver)->make(settings::load_text(bus, "site.yaml", mistakes), mistakes);
  }
  settings::Node device(const std::string& text) { return settings::load_text(text, "site.yaml", mistakes); }

  settings::Mistakes mistakes;
  DeviceProfile profile =
      read_device_profile(settings::load_text("protocol: modbus\n"
                                              "points: {a: {quantity: voltage, unit: V, address: 0, type: u16}}\n",
                                              "one.yaml", mistakes),
                          mistakes);
};

TEST_F(LinesTest, read_their_settings_without_opening_anything) {
  const auto tcp = line("modbus_tcp", "{id: lan, driver: modbus_tcp, host: nowhere.invalid, port: 1502, timeout: 2s}");
  const auto rtu = line("modbus_rtu",
                        "{id: line, driver: modbus_rtu, port: /dev/nothing, baud: 31250, parity: even, stop_bits: 2, "
                        "timeout: 300ms, min_gap: 10ms}");
  EXPECT_NE(tcp->attach(shared(profile), device("{id: m, bus: lan, profile: one, every: 1s, unit: 255}"), mistakes),
            nullptr);
  EXPECT_NE(rtu->attach(shared(profile), device("{id: m, bus: line, profile: one, every: 1s, unit: 247}"), mistakes),
            nullptr);
  EXPECT_THAT(texts(mistakes), IsEmpty());
}

TEST_F(LinesTest, report_every_mistake_in_their_settings) {
  line("modbus_tcp", "{id: lan, driver: modbus_tcp, port: 70000, hots: plc}");
  EXPECT_THAT(texts(mistakes), ElementsAre("site.yaml:1:1: \"host\" is missing",
                                           "site.yaml:1:37: port: \"70000\" is out of range (1 to 65535)",
                                           "site.yaml:1:44: unknown key \"hots\" (did you mean \"host\"?)"));
}

TEST_F(LinesTest, know_the_units_of_their_kind) {
  const auto rtu = line("modbus_rtu", "{id: line, driver: modbus_rtu, port: /dev/nothing}");
  rtu->attach(shared(profile), device("{id: m, bus: line, profile: one, every: 1s, unit: 248}"), mistakes);
  EXPECT_THAT(texts(mistakes), ElementsAre("site.yaml:1:51: unit: \"248\" is out of range (1 to 247)"));
}

TEST_F(LinesTest, put_a_SunSpec_device_where_the_site_says_it_lies) {
  const auto tcp = line("modbus_tcp", "{id: lan, driver: modbus_tcp, host: nowhere.invalid}");
  auto sunspec = profile;
  sunspec.sunspec = {103};
  const auto placed = tcp->attach(shared(sunspec),
                                  device("{id: m, bus: lan, profile: one, every: 1s, unit: 1, base: 40070}"), mistakes);
  EXPECT_EQ(placed->source(0), "modbus:1:440071");
  EXPECT_THAT(texts(mistakes), IsEmpty());
  tcp->attach(shared(profile), device("{id: m, bus: lan, profile: one, every: 1s, unit: 1, base: 40070}"), mistakes);
  sunspec.points[0].field.address = 30000;
  tcp->attach(shared(sunspec), device("{id: m, bus: lan, profile: one, every: 1s, unit: 1, base: 40070}"), mistakes);
  EXPECT_THAT(texts(mistakes),
              ElementsAre("site.yaml:1:59: base: only a SunSpec profile can be moved, and this is none",
                          "site.yaml:1:59: base: the model would go beyond the last register"));
}

TEST_F(LinesTest, say_that_a_wire_cannot_be_opened) {
  std::vector<Reading> into(1);
  const auto port = test::free_port();
  const auto tcp = line("modbus_tcp", fmt::format("{{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: {}}}", port));
  const auto first = tcp->attach(shared(profile), device("{id: m, unit: 1}"), mistakes);
  EXPECT_EQ(first->read(into).error().detail, fmt::format("cannot connect to 127.0.0.1:{} (Connection refused)", port));
  EXPECT_EQ(into[0].reason, Reason::offline);
  const auto rtu = line("modbus_rtu", "{id: line, driver: modbus_rtu, port: /dev/nothing}");
  const auto second = rtu->attach(shared(profile), device("{id: m, unit: 1}"), mistakes);
  EXPECT_EQ(second->read(into).error().detail, "cannot open /dev/nothing (No such file or directory)");
  const auto file = line("modbus_rtu", "{id: line, driver: modbus_rtu, port: /dev/null}");
  const auto third = file->attach(shared(profile), device("{id: m, unit: 1}"), mistakes);
  EXPECT_EQ(third->read(into).error().detail,
            "/dev/null is not a serial port that can do 9600 baud (Inappropriate ioctl for device)");
}

}  // namespace
}  // namespace fettle::acquisition
