#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "installation.hpp"
#include "plants/plant_list.hpp"

namespace fettle::plants {

/// A plant of one kind as the only machine of a site, with every role wired that the plant measures. The watch for what is merely unusual is
/// off: it names no mode and sends nobody.
Installation install(const Plant& plant);

/// What the agent told of one machine's life, beside the truth.
struct Story {
  std::optional<Time> failed;
  std::optional<Time> found;               ///< when its failure mode was named first
  std::optional<Time> sent;                ///< when that was first worth a visit
  std::set<std::string> told, dispatched;  ///< all modes that an alert was raised for, and that were worth a visit
  std::vector<double>
      late_errors;  ///< |forecast / truth - 1| of the life that is left, daily in the second half of the run-up
  int forecasts = 0, held = 0;  ///< daily from the onset on; how many intervals have the failure in them
};

/// From the commissioning to the failure, or two weeks further where it comes at once.
Story run_to_failure(const Plant& plant, const Installation& installation, const Injection& injection,
                     std::uint64_t seed);

/// A year without a fault, begun on another day with each seed.
Story run_healthy(const Plant& plant, const Installation& installation, std::uint64_t seed);

}  // namespace fettle::plants
