#pragma once

#include "health/equipment_model.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fettle {

/// One line of `fettle list`.
struct PartLine {
  std::string name, summary;
};

/// One line of `fettle list devices`.
struct DeviceLine {
  std::string name, title, protocol;
  std::size_t points = 0;
  bool verified = false;      ///< somebody compared the profile with a real device
  bool identifiable = false;  ///< an answer of the device tells what it is
};

/// The device profiles that are found (those beside `site_file` first).
std::vector<DeviceLine> device_lines(const std::string& site_file);

/// The equipment models that are found (those beside `site_file` first).
std::vector<health::EquipmentModel> models_found(const std::string& site_file);

/// What parts_of knows: "drivers", "detectors", ...
std::vector<std::string> kinds_of_parts();

/// The registered parts of a kind, or the device profiles or equipment models that are found (those beside `site_file` first).
std::vector<PartLine> parts_of(std::string_view kind, const std::string& site_file);

}  // namespace fettle
