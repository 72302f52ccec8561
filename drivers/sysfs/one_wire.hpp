#pragma once

#include "core/result.hpp"

#include <optional>
#include <string_view>

namespace fettle::sysfs {

/// The two lines of a w1_slave file: "50 05 4b 46 7f ff 0c 10 1c : crc=1c YES" and "... t=85000". Returns thousandths of a degree;
/// malformed if the checksum is wrong or the bus was shorted.
Result<double> parse_w1_slave(std::string_view text);

/// Knows the two values that a DS18B20 shows without having measured anything: 85 °C, its state after power-on (a dip in the supply is
/// enough), and -0.0625 °C, all ones, which a pulled plug may read as. They are believed only beside a neighbour that is near.
class PowerOnFilter {
 public:
  /// False if the value is not to be believed. Thousandths of a degree.
  bool accept(double value);

 private:
  std::optional<double> last_;
};

}  // namespace fettle::sysfs
