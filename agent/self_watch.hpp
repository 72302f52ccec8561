#pragma once

#include "advisory/system_case.hpp"
#include "field.hpp"

#include <vector>

namespace fettle {

/// Watches what Fettle itself depends on, and makes the `system` alerts about it: settings that had to be left out, buses that are silent.
class SelfWatch {
 public:
  explicit SelfWatch(const Installation& installation);

  /// The revisions that the present state leads to.
  std::vector<Alert> look(Time now, const std::vector<BusWatch>& buses);

  /// False if the alert is about nothing that is watched here.
  bool restore(const Alert& alert);

 private:
  std::string silence(const BusWatch& bus) const;

  std::string left_out_;  ///< what the settings' mistakes disabled; empty: nothing
  advisory::SystemCase settings_;
  std::vector<advisory::SystemCase> buses_;  ///< as the installation's
};

}  // namespace fettle
