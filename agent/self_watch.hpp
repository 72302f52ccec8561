#pragma once

#include "advisory/system_case.hpp"
#include "field.hpp"
#include "gateway_trouble.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle {

/// Watches what Fettle itself depends on, and makes the `system` alerts about it: the gateway's own troubles (gateway_trouble.hpp), buses
/// that are silent, and devices that are silent on a bus that is not.
class SelfWatch {
 public:
  explicit SelfWatch(const Installation& installation);

  /// The revisions that the present state leads to. `buses` are the installation's.
  std::vector<Alert> look(Time now, const std::vector<BusWatch>& buses, const Vitals& vitals);
  /// Asset key -> id of the alert that explains what is said of that asset: its bus, or a device that it cannot be judged without, is lost.
  std::map<std::string, std::string> parents(const Installation& installation) const;

  /// False if the alert is about nothing that is watched here.
  bool restore(const Alert& alert);
  /// The episode with this id, open or the slot's last closed one; null if it is none of these.
  advisory::Episode* episode(std::string_view id);
  /// Every slot's.
  std::vector<const advisory::Episode*> episodes() const;
  /// Commissioning begins or ends.
  std::vector<Alert> set_test(Time now, bool test);
  /// The clock was set: what was noted before is told in the new time.
  void shift(Duration step);

 private:
  /// The cases of one bus. What is lost stays so until it answers again, over a restart as well.
  struct BusCases {
    advisory::SystemCase bus, devices;
    std::vector<std::string> names;               ///< of its devices, in the bus's order
    std::vector<std::size_t> places;              ///< of its devices, in Installation::devices
    bool lost = false;                            ///< the whole bus
    std::vector<std::optional<Time>> lost_since;  ///< by device
    std::optional<Time> answering_since;          ///< some device of it
  };

  void judge_gateway(Time now, const Vitals& vitals, std::vector<Alert>& alerts);
  static void judge_bus(Time now, const BusWatch& watch, BusCases& cases, std::vector<Alert>& alerts);
  static void follow_devices(Time now, const BusWatch& watch, BusCases& cases);
  std::string explanation(const std::vector<std::size_t>& devices) const;
  void recall_losses(const Alert& alert);
  std::vector<advisory::SystemCase*> cases();

  std::string left_out_;  ///< what the settings' mistakes disabled; empty: nothing
  std::optional<Time> unsynced_since_;
  std::vector<advisory::SystemCase> gateway_;  ///< as gateway_modes()
  std::vector<BusCases> buses_;                ///< as the installation's
};

}  // namespace fettle
