#include "modbus/line.hpp"
#include "modbus/rtu_master.hpp"
#include "modbus/serial_wire.hpp"
#include "modbus/usb_port.hpp"

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace fettle::modbus {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::pair<std::string_view, Parity>, 3> parities{{
    {"none", Parity::none},
    {"even", Parity::even},
    {"odd", Parity::odd},
}};

constexpr std::array<std::pair<std::string_view, bool>, 2> levels{{{"high", true}, {"low", false}}};

std::string read_port(settings::Fields& fields) {
  auto port = fields.text("port");
  if (const auto id = parse_usb_id(port); id && !*id) fields.mistakes().add(fields.node()["port"], id->error().detail);
  return port;
}

Rs485 read_rs485(const settings::Node& node, settings::Mistakes& mistakes) {
  settings::Fields fields{node, mistakes};
  Rs485 rs485;
  rs485.send_with_rts_high = fields.choice<bool>("rts_when_sending", levels, true);
  rs485.before = static_cast<unsigned>(fields.duration("before", Duration{0}, Duration{0}).count());
  rs485.after = static_cast<unsigned>(fields.duration("after", Duration{0}, Duration{0}).count());
  fields.finish();
  return rs485;
}

std::unique_ptr<acquisition::Line> make_rtu_line(const settings::Node& bus, settings::Mistakes& mistakes) {
  settings::Fields fields{bus, mistakes};
  auto line = read_line_settings(fields, 300ms);
  const auto port = read_port(fields);
  SerialSettings serial;
  serial.baud = static_cast<unsigned>(fields.integer("baud", 300, 4'000'000, static_cast<long>(serial.baud)));
  serial.parity = fields.choice<Parity>("parity", parities, serial.parity);
  serial.stop_bits = static_cast<unsigned>(fields.integer("stop_bits", 1, 2, static_cast<long>(serial.stop_bits)));
  if (const auto rs485 = fields.child("rs485")) serial.rs485 = read_rs485(rs485, mistakes);
  fields.finish();
  const auto timing = LineTiming::of(serial.baud, serial.bits_per_character());
  auto wire = std::make_unique<SerialWire>(port, serial);
  auto master = std::make_unique<RtuMaster>(*wire, timing);
  return std::make_unique<Line>(std::move(line), std::move(wire), std::move(master));
}

const Registration<acquisition::Line> entry{"modbus_rtu", "Modbus RTU on a serial line (RS-485, RS-232)",
                                            make_rtu_line};

}  // namespace
}  // namespace fettle::modbus
