#pragma once

#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace fettle::test {

/// How a simulated part wears. `none` never does.
enum class WearLaw : std::uint8_t { linear, power, exponential, steps, random_rate, gamma, wiener, none };
constexpr std::array<WearLaw, 7> wear_laws{WearLaw::linear,      WearLaw::power, WearLaw::exponential, WearLaw::steps,
                                           WearLaw::random_rate, WearLaw::gamma, WearLaw::wiener};
std::string_view name_of(WearLaw law);

/// What an index suffers beside wear, in units of the index.
struct Disturbance {
  double white = 0;          ///< standard deviation
  double slow = 0;           ///< standard deviation of an AR(1) noise
  double slow_memory = 0.9;  ///< its correlation from one update to the next
  double daily = 0;          ///< amplitude of a daily ripple
  double weekly = 0;         ///< amplitude of a weekly ripple
  double offset = 0;         ///< a baseline that was learned wrong
  double outliers = 0;       ///< share of updates that are wild
  double dropouts = 0;       ///< share of updates that are missing
  bool nights_off = false;   ///< the machine runs from 6 to 18 o'clock
  bool weekends_off = false;
};

struct IndexUpdate {
  Time time;
  double index = 0;
};

/// A machine's life as its health index tells it. `failure` is when the undisturbed index reaches the plan's `failing`.
struct Life {
  std::vector<IndexUpdate> updates;
  Time onset{}, failure{};
};

struct LifePlan {
  WearLaw law = WearLaw::linear;
  Duration every{};
  Duration healthy{};  ///< before wear begins
  Duration wear{};     ///< from onset to failure; of a random walk on average
  Disturbance disturbance;
  double sound = 0;    ///< the index of the sound machine: limits may be absolute
  double failing = 1;  ///< the index at which it really fails: a limit is a convention
};

/// One plan of the whole range that the forecaster is meant for.
LifePlan random_plan(WearLaw law, std::mt19937_64& random);

Life simulate(const LifePlan& plan, std::mt19937_64& random);

}  // namespace fettle::test
