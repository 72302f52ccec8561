#pragma once

#include "field/broker_ear.hpp"
#include "field/parts.hpp"
#include "field/process_cost.hpp"

#include <functional>
#include <string_view>

namespace fettle::bench {

/// What a program cost while it was measured, and what of it arrived.
struct Measured {
  double cpu = 0;      ///< seconds
  double written = 0;  ///< MB (of 2^20 bytes) to disk
  std::size_t readings = 0, repeated = 0, messages = 0;
  ProcessCost end;

  double microseconds_a_reading() const { return readings == 0 ? 0 : 1e6 * cpu / static_cast<double>(readings); }
};

/// Finds the readings in a message.
using Reader = std::function<void(std::string_view topic, std::string_view payload, DistinctReadings& readings)>;

/// Lets the program warm up and measures it, by what a subscriber hears. The messages are looked into afterwards.
Measured measure(pid_t process, BrokerEar& ear, const Spans& spans, const Reader& read);

/// A Reader of this agent's telemetry.
void read_telemetry(std::string_view topic, std::string_view document, DistinctReadings& readings);

}  // namespace fettle::bench
