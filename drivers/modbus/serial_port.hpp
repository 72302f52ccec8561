#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>

namespace fettle::modbus {

enum class Parity : std::uint8_t { none, even, odd };

/// How characters travel on a serial line.
struct SerialSettings {
  unsigned baud = 9600;
  Parity parity = Parity::none;
  unsigned stop_bits = 1;

  unsigned bits_per_character() const { return 9 + (parity == Parity::none ? 0 : 1) + stop_bits; }
};

/// Opens a serial port for this process alone, raw, at any baud rate the hardware can do. Returns the descriptor.
Result<int> open_serial_port(const std::string& path, const SerialSettings& settings);

}  // namespace fettle::modbus
