#pragma once

#include "acquisition/bus.hpp"
#include "installation.hpp"

#include <memory>
#include <vector>

namespace fettle {

/// How the devices of one bus fare, as the agent last heard it.
struct BusWatch {
  std::string bus;                               ///< settings::BusSettings::key
  AssetId asset;                                 ///< the bus as an asset
  std::vector<std::size_t> devices;              ///< Installation::devices, in the bus's order
  std::vector<acquisition::DeviceState> states;  ///< the same order
  std::vector<std::optional<Time>> silences;     ///< the same order: since when a device has not answered
  std::optional<Time> silent_since;              ///< since when no device of it has answered

  bool is_answering() const;
  /// Takes news in.
  void note(acquisition::DeviceState state);
  /// The clock was set: what was noted before is told in the new time.
  void shift(Duration step);
};

/// One watch a bus, in the installation's order.
std::vector<BusWatch> watches(const Installation& installation);

/// The line of an installed bus, whose settings were checked when they were loaded; opens nothing. Null if there is no such driver.
std::unique_ptr<acquisition::Line> make_line(const settings::BusSettings& bus);
/// An installed device on its line.
std::unique_ptr<acquisition::Driver> attach(acquisition::Line& line, const InstalledDevice& device);

}  // namespace fettle
