#pragma once

#include "acquisition/scanner.hpp"
#include "modbus/scan_frames.hpp"

#include <string>
#include <vector>

namespace fettle::modbus {

/// What became of the questions that asked who is there.
struct SweepCount {
  std::size_t asked = 0, present = 0, garbled = 0;
};

/// What is wrong with a serial line, and what to do about it.
std::vector<std::string> serial_hints(const SweepCount& sweep, const std::vector<acquisition::FoundDevice>& devices);

/// "another master speaks here at 9600 baud 8N1 (units 1, 5): ..."; empty on a quiet line.
std::string traffic_text(const Traffic& traffic, const std::string& rate);

/// Four times what the slowest unit usually takes, and never less than 200 ms.
Duration timeout_for(const std::vector<acquisition::FoundDevice>& devices);

}  // namespace fettle::modbus
