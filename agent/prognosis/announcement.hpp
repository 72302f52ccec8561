#pragma once

#include "core/verdicts.hpp"

#include <chrono>
#include <cstdint>

namespace fettle::prognosis {

// What holds for every forecaster that announces anything.
inline constexpr std::uint32_t persistence = 3;  ///< updates that a trend has to last
inline constexpr double interval_level = 0.8;    ///< of what is published
inline constexpr int useful = 4;                 ///< horizons ahead; what lies further away is a guess
/// The clock was set back by more than this: what was learned lies in the future, and would block everything until it is reached.
inline constexpr Duration clock_step = std::chrono::hours{24};

/// The beginning of one: whose it is, and of when.
inline Prognosis prognosis_of(const ModeHealth& health) {
  Prognosis prognosis;
  prognosis.asset = health.asset;
  prognosis.mode = health.mode;
  prognosis.made = health.time;
  prognosis.level = interval_level;
  return prognosis;
}

}  // namespace fettle::prognosis
