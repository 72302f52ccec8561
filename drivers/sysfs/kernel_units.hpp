#pragma once

#include "core/quantity.hpp"

#include <optional>
#include <string_view>

namespace fettle::sysfs {

/// What the kernel's documentation says about a file by its name (Documentation/hwmon/sysfs-interface, testing/sysfs-bus-iio, w1_therm):
/// what it measures, and how its whole number becomes the quantity's own unit.
struct KernelUnit {
  Quantity quantity = Quantity::temperature;
  double scale = 1;
};

/// Nothing for a file that the kernel does not define.
std::optional<KernelUnit> kernel_unit(std::string_view file);

}  // namespace fettle::sysfs
