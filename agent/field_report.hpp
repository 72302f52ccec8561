#pragma once

#include "core/reading.hpp"
#include "installation.hpp"

#include <functional>
#include <string>
#include <vector>

namespace fettle {

/// What one point of a device said.
struct PointReport {
  std::string device, point, source, raw;
  Quantity quantity = Quantity::ratio;
  Reading reading;
  double milliseconds = 0;  ///< that the whole device took
};

/// What the devices said, and sentences about those that gave nothing or what makes no sense.
struct FieldReport {
  std::vector<PointReport> points;
  std::vector<std::string> failures;
  std::vector<std::string> hints;  ///< what may be wrong with a profile or a unit number

  bool all_good() const;
};

/// Asks each device once, in the site file's order; all of them if none is named. Where an agent runs on this site's store, it is asked
/// for what it read last, since the wires are its own; otherwise the buses are opened, and `progress` hears of each device before it is read.
FieldReport read_field(
    const Installation& installation, const std::vector<std::string>& devices,
    const std::function<void(const std::string& device)>& progress = [](const std::string&) {});

}  // namespace fettle
