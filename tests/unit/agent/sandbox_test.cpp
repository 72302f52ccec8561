#include "sandbox.hpp"

#include <gmock/gmock.h>

namespace fettle {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> allowed(const std::string& buses) {
  settings::Mistakes mistakes;
  const auto text =
      "gateway: {id: gw-1}\nsite: {id: HQ, tz: Europe/Berlin}\nstore: {folder: /var/lib/fettle}\nbuses:\n" + buses;
  const auto site = settings::read_site(settings::load_text(text, "site.yaml", mistakes), mistakes);
  EXPECT_THAT(mistakes.all(), IsEmpty());
  return allowed_devices(site.buses);
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

}  // namespace
}  // namespace fettle
