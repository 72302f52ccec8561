#pragma once

#include "agent_status.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// What the quality of one wire is judged by.
struct LineFacts {
  bool is_serial = false;                           ///< a cable that all devices share, instead of a network
  std::optional<Duration> patience = std::nullopt;  ///< how long an answer is waited for
  std::vector<DeviceStatus> devices;
};

/// What is probably wrong with a wire, and what to do about it.
struct LineHint {
  std::string device;  ///< empty: the line as a whole
  std::string text;
};

/// "meter_3: no answer at all, ..."
std::string to_text(const LineHint& hint);

/// Pure: the same counts give the same hints. Nothing is said about a handful of questions.
std::vector<LineHint> line_hints(const LineFacts& line);

/// The facts of a bus. What its driver knows is asked of a line that is made for that, and opens nothing.
LineFacts line_facts(const Installation& installation, const BusStatus& bus);

/// Says of every bus what its quality suggests; loads are marked before.
void add_hints(const Installation& installation, std::vector<BusStatus>& buses);

/// The share of the wire's time that all devices together take; nothing while nobody knows.
std::optional<double> load_of(const BusStatus& bus);

}  // namespace fettle
