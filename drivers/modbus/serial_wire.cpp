#include "modbus/serial_wire.hpp"

namespace fettle::modbus {

Result<void> SerialWire::open(Moment /*deadline*/) {
  if (cancelled()) return lost({});
  auto path = path_;
  if (const auto id = parse_usb_id(path_)) {
    const auto found = find_usb_port(id->value(), folders_);
    if (!found) return found.error();
    path = *found;
  }
  const auto port = open_serial_port(path, settings_);
  if (!port) return port.error();
  stream().assign(*port);
  return {};
}

}  // namespace fettle::modbus
