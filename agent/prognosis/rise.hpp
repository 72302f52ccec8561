#pragma once

#include "prognosis/history.hpp"
#include "prognosis/trend.hpp"
#include "prognosis/unrest.hpp"

#include <optional>

namespace fettle::prognosis {

/// What a rise has to show to be called a trend; a little less to remain one.
struct Gate {
  double index;    ///< of the smoothed present
  double z;        ///< Mann-Kendall since the onset
  double unrests;  ///< the rise, in standard deviations of the index while it was healthy
};
constexpr Gate to_open{0.2, 2.5, 6};
constexpr Gate to_stay{0.15, 2, 4};

/// A rise that passed the gate.
struct Rise {
  Samples since_onset;
  double slope = 0;   ///< of the index, per hour
  double growth = 0;  ///< of its logarithm, per hour
  Kendall kendall;
};

/// The present of an index.
struct Present {
  double hours = 0;
  double level = 0;  ///< smoothed
};

/// The rise that led to the present, on the coarsest scale that still tells it: the one that noise and ripple disturb least.
std::optional<Rise> find_rise(const History& history, const Unrest& unrest, const Present& present, const Gate& gate);

/// Hours from one level to a higher one, as straight and exponential growth say, mixed by how well each fits.
double hours_between(const Rise& rise, double from, double to);

/// What the rise would make of a moment, by the one of both that fits better.
double expected_at(const Rise& rise, double hours);

}  // namespace fettle::prognosis
