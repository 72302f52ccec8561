#include "modbus/serial_wire.hpp"

namespace fettle::modbus {

Result<void> SerialWire::open(Moment /*deadline*/) {
  const auto port = open_serial_port(path_, settings_);
  if (!port) return port.error();
  stream().assign(*port);
  return {};
}

}  // namespace fettle::modbus
