#pragma once

#include "core/result.hpp"
#include "settings/fields.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace fettle::sysfs {

enum class PlaceKind : std::uint8_t { folder, one_wire, hwmon, iio };

/// How a site file names a device of the kernel: by what stays the same when the machine starts again, not by a running number.
struct Place {
  PlaceKind kind = PlaceKind::folder;
  std::string name;  ///< "28-0000072a1b3c", "lm75" or "1-0048", "ads1115", "class/thermal/thermal_zone0"

  /// For people and back office: "one_wire:28-0000072a1b3c".
  std::string text() const;
};

/// Exactly one of one_wire, hwmon, iio, folder.
Place read_place(settings::Fields& fields);

/// The folder, looked up anew each time: numbers change when something is plugged in.
Result<std::filesystem::path> find(const Place& place, const std::filesystem::path& root);

}  // namespace fettle::sysfs
