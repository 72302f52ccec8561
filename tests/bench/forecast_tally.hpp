#pragma once

#include "prognosis/factory_errors.hpp"
#include "support/forecast_trial.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace fettle::test {

constexpr std::size_t buckets = prognosis::factory_errors.size();
constexpr std::array<double, 4> shares{0.25, 0.5, 0.75, 0.9};

double quantile(std::vector<double> values, double share);

/// How wrong one prognosis was, beside the width that it told: logarithms of ratios to `mid`.
struct Miss {
  std::size_t bucket = 0;
  double error = 0, low = 0, high = 0;
};

/// Split conformal, with the told width as the yardstick: by what both ends of the interval have to be stretched so that 80 % hold.
struct Correction {
  double median = 0, low = 1, high = 1;
};
Correction correction_of(const std::vector<Miss>& misses, std::size_t bucket);

/// What many lives say about the forecaster.
struct Tally {
  std::vector<Miss> misses;
  std::array<int, buckets> held{}, given{};
  std::vector<double> relative, late_relative, width, first_index, first_lead;
  std::array<int, shares.size()> close{}, asked{};
  std::array<double, 5> told{}, came{}, counted{};  ///< odds of a failure within 7 and 30 days, by fifths
  /// Late errors of one who knows a straight wear's rate and level exactly, as far as it came, but not at which index this machine fails: no
  /// forecast can be better.
  std::vector<double> least_relative;
  int lives = 0, announced = 0;

  void add(const LifePlan& plan, const Life& life, const std::vector<Forecast>& forecasts);
  void join(const Tally& other);

 private:
  void compare_odds(const Forecast& each, double hours);
  void ask_at_shares(const std::vector<Forecast>& forecasts);
};

}  // namespace fettle::test
