#include "modbus/serial_wire.hpp"

#include "modbus/usb_port.hpp"

namespace fettle::modbus {

Result<void> SerialWire::open(Moment /*deadline*/) {
  auto path = path_;
  if (const auto id = parse_usb_id(path_)) {
    const auto found = find_usb_port(id->value());
    if (!found) return found.error();
    path = *found;
  }
  const auto port = open_serial_port(path, settings_);
  if (!port) return port.error();
  stream().assign(*port);
  return {};
}

}  // namespace fettle::modbus
