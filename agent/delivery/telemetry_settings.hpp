#pragma once

#include "core/time.hpp"
#include "settings/node.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle::delivery {

/// `telemetry:` of a site file. Absent: no telemetry.
struct TelemetrySettings {
  Duration every{};                   ///< at most one poll of a device is published in this time; zero: every poll
  std::vector<std::string> devices;   ///< empty: all
  std::uint64_t buffer = 32'000'000;  ///< bytes on disk while the broker is away
  int catch_up = 20;                  ///< by how many batches a second the backlog shrinks afterwards
};

/// Reads them; `devices` are the ids that the site has. Mistakes are recorded.
TelemetrySettings read_telemetry(const settings::Node& node, std::span<const std::string> devices,
                                 settings::Mistakes& mistakes);

}  // namespace fettle::delivery
