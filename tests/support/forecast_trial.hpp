#pragma once

#include "prognosis/forecaster.hpp"
#include "support/degradation.hpp"

#include <vector>

namespace fettle::test {

/// A prognosis beside the truth.
struct Forecast {
  Prognosis prognosis;
  double level = 0;  ///< median of the five newest updates of the index
  Time failure{};

  double estimated_hours() const { return to_hours(prognosis.mid - prognosis.made); }
  double actual_hours() const { return to_hours(failure - prognosis.made); }
  double share_of_wear(const Life& life) const;
  bool holds() const;
};

/// Every prognosis that a forecaster gives in a simulated life before the index reaches its limit.
std::vector<Forecast> forecasts_of(prognosis::Forecaster& forecaster, const Life& life);

/// At most `count` of them, equally spaced, so that a long life does not outvote a short one.
std::vector<Forecast> thinned(const std::vector<Forecast>& forecasts, std::size_t count);

/// log(time that a milestone took / time foreseen) of each that a life passes.
std::vector<double> milestone_errors(const Life& life, Duration every);

}  // namespace fettle::test
