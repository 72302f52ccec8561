#pragma once

#include "core/reading.hpp"
#include "installation.hpp"

#include <string>
#include <vector>

namespace fettle::commands {

/// What one point of a device said.
struct PointReport {
  std::string device, point, source, raw;
  Quantity quantity = Quantity::ratio;
  Reading reading;
  double milliseconds = 0;  ///< that the whole device took
};

/// What the devices said, and a sentence about each that gave nothing.
struct FieldReport {
  std::vector<PointReport> points;
  std::vector<std::string> failures;

  bool all_good() const;
};

/// Opens the buses and asks each device once, in the site file's order; all of them if none is named.
FieldReport read_field(const Installation& installation, const std::vector<std::string>& devices);

std::string to_table(const FieldReport& report);
std::string to_json(const FieldReport& report);

}  // namespace fettle::commands
