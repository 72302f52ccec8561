#pragma once

#include "advisory/system_case.hpp"
#include "vitals.hpp"

#include <optional>
#include <span>
#include <string>

namespace fettle {

/// What a judgement of the gateway's own condition is made from.
struct GatewayScene {
  Time now{};
  const Vitals& vitals;
  const std::string& left_out;         ///< what mistakes in the settings disabled; empty: nothing
  std::optional<Time> unsynced_since;  ///< since when the clock has not been known to be right
  bool active = false;                 ///< the alert is up: what lies on the edge stays what it is
};

/// What came of it. Where nothing is known, nothing is changed.
struct GatewayOpinion {
  bool known = true;
  std::optional<advisory::Trouble> trouble = std::nullopt;
};

/// Something that can be wrong with the gateway itself: a failure mode of its asset (contract 7.8).
struct GatewayMode {
  const char* mode;
  const char* part;
  GatewayOpinion (*judge)(const GatewayScene& scene);
};

std::span<const GatewayMode> gateway_modes();

/// "50.0 MB"; decimal, as disks are sold and budgets are written.
std::string bytes_text(std::uint64_t bytes);

}  // namespace fettle
