#pragma once

#include "installation.hpp"
#include "manipulation/plausibility.hpp"

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
  struct Channel {
    std::string name;  ///< "meter_3/e_import"
    manipulation::Plausibility plausibility;
    std::vector<PointId> points;
  };

  std::vector<Channel> channels_;
};

/// The devices of one bus, in the installation's order.
std::vector<const InstalledDevice*> devices_of(const Installation& installation, const std::string& bus);

}  // namespace fettle
