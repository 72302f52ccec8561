#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace fettle::modbus {

enum class Parity : std::uint8_t { none, even, odd };

/// A transceiver whose direction the kernel switches, exactly when the last bit has left. USB adapters do that by themselves.
struct Rs485 {
  bool send_with_rts_high = true;
  unsigned before = 0, after = 0;  ///< milliseconds between switching and the first bit, and after the last
};

/// How characters travel on a serial line.
struct SerialSettings {
  unsigned baud = 9600;
  Parity parity = Parity::none;
  unsigned stop_bits = 1;
  std::optional<Rs485> rs485;

  unsigned bits_per_character() const { return 9 + (parity == Parity::none ? 0 : 1) + stop_bits; }
};

/// Opens a serial port for this process alone, raw, at any baud rate the hardware can do. Returns the descriptor.
Result<int> open_serial_port(const std::string& path, const SerialSettings& settings);

}  // namespace fettle::modbus
