#pragma once

#include "acquisition/scanner.hpp"
#include "modbus/serial_port.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fettle::modbus {

/// A way in which devices come out of their boxes.
struct Rate {
  SerialSettings serial;
  std::vector<std::uint8_t> units;  ///< that they have then
  int profiles = 0;                 ///< how many do
};

/// "9600 baud 8N1"
std::string to_text(const SerialSettings& serial);

/// The ways of all profiles that fit the order, the most frequent first. Some that every device can be set to are always among them.
std::vector<Rate> rates_of(const acquisition::ScanOrder& order);

/// The units to look for, the usual ones first.
std::vector<std::uint8_t> units_of(const acquisition::ScanOrder& order);

}  // namespace fettle::modbus
