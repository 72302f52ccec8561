#pragma once

#include "installation.hpp"
#include "manipulation/plausibility.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace fettle {

/// The values of one bus, counted through by device and profile point: where each goes, and whether it fits with those before. A counter
/// that ran over or was replaced stands in the log.
class Channels {
 public:
  Channels(const Installation& installation, const std::string& bus);

  /// Sends the same values to the points of another installation, whose devices on this bus are the same.
  void lead_to(const Installation& installation, const std::string& bus);

  /// The readings of the installation's points that a bus's values make. A value of the bus has its channel in the place of the point.
  std::vector<Reading> readings(const std::vector<Reading>& values);

 private:
  struct Device {
    std::string key;
    acquisition::SharedProfile profile;
    std::size_t first = 0;  ///< of its channels
  };
  /// Thousands of channels are common, and few of them have anything that could be doubted.
  struct Channel {
    std::uint32_t plausibility = undoubted;  ///< into plausibilities_
    std::uint32_t end = 0;                   ///< of its points in points_, which begin where the last channel's end
  };
  static constexpr std::uint32_t undoubted = std::numeric_limits<std::uint32_t>::max();

  Reading judged(std::size_t channel, const Reading& value);
  std::string name(std::size_t channel) const;

  std::vector<Device> devices_;
  std::vector<Channel> channels_;
  std::vector<manipulation::Plausibility> plausibilities_;
  std::vector<PointId> points_;
};

/// The devices of one bus, in the installation's order.
std::vector<const InstalledDevice*> devices_of(const Installation& installation, const std::string& bus);

}  // namespace fettle
