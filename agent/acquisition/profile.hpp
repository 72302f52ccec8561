#pragma once

#include "acquisition/registers.hpp"
#include "core/quantity.hpp"
#include "core/reading.hpp"
#include "settings/node.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::acquisition {

/// One value that a device offers.
struct ProfilePoint {
  std::string name;  ///< "v_l1"
  Quantity quantity = Quantity::ratio;
  RegisterField field;  ///< its unit is folded into scale and offset
};

/// A reading that an example of a profile promises.
struct ExpectedReading {
  std::size_t point = 0;  ///< into DeviceProfile::points
  double value = 0;       ///< in the quantity's own unit; meaningless unless the reason is none
  Reason reason = Reason::none;
};

/// Registers as a device sends them, and what they must be read as. Every shipped profile is tested against its own.
struct ProfileExample {
  RegisterTable table = RegisterTable::holding;
  std::uint16_t address = 0;
  std::vector<std::uint16_t> words;
  std::vector<ExpectedReading> readings;
  settings::Mark mark;
};

/// What a kind of device offers, and how it wants to be asked. A file of config/devices.
struct DeviceProfile {
  std::string name;  ///< the file's stem: "eastron_sdm630"
  std::string title, maker;
  std::vector<std::string> models;
  bool verified = false;          ///< true: somebody compared it with a real device
  std::size_t max_registers = 0;  ///< in one request
  std::size_t gap = 0;            ///< unused registers that a request may run across to save another one
  Duration min_gap{};             ///< silence that the device needs before a request
  std::vector<ProfilePoint> points;
  std::vector<ProfileExample> examples;

  /// The place of a point; nothing if the device has no such point.
  std::optional<std::size_t> find(std::string_view point) const;
};

/// Reads a file of config/devices, or the mapping that a site file has in its place. Whatever cannot be used is recorded and left out.
DeviceProfile read_device_profile(const settings::Node& root, settings::Mistakes& mistakes);

}  // namespace fettle::acquisition
