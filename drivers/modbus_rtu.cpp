#include "modbus/line.hpp"
#include "modbus/rtu_master.hpp"
#include "modbus/serial_wire.hpp"

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

std::unique_ptr<acquisition::Line> make_rtu_line(const settings::Node& bus, settings::Mistakes& mistakes) {
  settings::Fields fields{bus, mistakes};
  auto line = read_line_settings(fields, 300ms);
  const auto port = fields.text("port");
  SerialSettings serial;
  serial.baud = static_cast<unsigned>(fields.integer("baud", 300, 4'000'000, serial.baud));
  serial.parity = fields.choice<Parity>("parity", parities, serial.parity);
  serial.stop_bits = static_cast<unsigned>(fields.integer("stop_bits", 1, 2, serial.stop_bits));
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
