#include "modbus/line.hpp"
#include "modbus/rtu_master.hpp"
#include "modbus/tcp_master.hpp"
#include "modbus/tcp_wire.hpp"

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace fettle::modbus {
namespace {

using namespace std::chrono_literals;

/// A gateway may have its own registers at unit 0 or 255, beside the 1 to 247 of a serial line behind it.
constexpr long highest_tcp_unit = 255;

/// Cheap gateways pass serial frames on as they are ("transparent", "RTU over TCP").
constexpr std::array<std::pair<std::string_view, bool>, 2> framings{{{"tcp", false}, {"rtu", true}}};

std::unique_ptr<acquisition::Line> make_tcp_line(const settings::Node& bus, settings::Mistakes& mistakes) {
  settings::Fields fields{bus, mistakes};
  auto line = read_line_settings(fields, 1s);
  line.lowest_unit = 0;
  line.highest_unit = highest_tcp_unit;
  const auto host = fields.text("host");
  const auto port = fields.integer("port", 1, 65535, 502);
  const bool serial_frames = fields.choice<bool>("framing", framings, false);
  fields.finish();
  auto wire = std::make_unique<TcpWire>(host, static_cast<unsigned short>(port));
  std::unique_ptr<Master> master = std::make_unique<TcpMaster>(*wire);
  if (serial_frames) master = std::make_unique<RtuMaster>(*wire, LineTiming{});
  return std::make_unique<Line>(std::move(line), std::move(wire), std::move(master));
}

const Registration<acquisition::Line> entry{
    "modbus_tcp", "Modbus TCP: a device with a network port, or a gateway with a serial line behind it", make_tcp_line};

}  // namespace
}  // namespace fettle::modbus
