#pragma once

#include "advisory/flood.hpp"
#include "field.hpp"
#include "pipeline.hpp"
#include "self_watch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fettle {

/// All that is made of one installation, and handed over to the next one when the settings change while the agent runs.
struct Works {
  explicit Works(Installation from);

  /// Null if the installation has no such asset.
  const Asset* asset(std::string_view key) const;
  /// The episode with this id, of the equipment's modes or of the gateway's own; null if nothing follows it.
  advisory::Episode* episode(std::string_view id);
  /// Every slot's episode.
  std::vector<const advisory::Episode*> episodes();
  /// Continues an open episode, or remembers a closed one. False if nothing in the settings follows it any more.
  bool restore(const Alert& alert);

  /// Commissioning begins or ends.
  std::vector<Alert> set_test(Time now, bool test);
  /// True for an alert that the flood gate holds back: nobody has heard of it yet.
  bool is_held(std::string_view id) const;

  /// Takes over what the same parts learned under the former settings, the episodes, and how the devices fare. Gives back the open
  /// alerts that nothing follows any more.
  std::vector<Alert> inherit(Works& former);

  Installation installation;
  Pipeline pipeline;
  SelfWatch self_watch;
  advisory::FloodGate flood;
  std::vector<BusWatch> bus_watches;
  std::vector<Reading> latest;  ///< by PointId
};

}  // namespace fettle
