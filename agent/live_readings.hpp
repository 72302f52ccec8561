#pragma once

#include "field.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// The latest reading of a device's point, as the running agent knows it.
struct LiveReading {
  std::string device, point;
  Reading reading;
  double milliseconds = 0;  ///< that the device took for an answer, at most ten seconds ago
};

/// The latest readings of all devices; `latest` is by PointId.
std::vector<LiveReading> live_readings(const Installation& installation, const std::vector<Reading>& latest,
                                       const std::vector<BusWatch>& buses);

/// What the agent answers to `{"op":"read"}` at its local door, and the way back.
std::string to_json(const std::vector<LiveReading>& readings);
std::vector<LiveReading> parse_live_readings(const std::string& json);

/// Asks the agent that runs on this store; nothing if none does.
std::optional<std::vector<LiveReading>> ask_live_readings(const std::string& store_folder);

}  // namespace fettle
