#pragma once

#include "prognosis/history.hpp"
#include "prognosis/trend.hpp"
#include "prognosis/unrest.hpp"

#include <cmath>
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

/// What straight and exponential growth say of some samples.
struct Rise {
  Samples since_onset;
  Kendall kendall;
  double slope = 0;     ///< of the index, per hour
  double line = 0;      ///< the straight one at hour 0
  double growth = 0;    ///< of the index's logarithm, per hour
  double log_line = 0;  ///< that of the logarithm at hour 0
  double weight = 0.5;  ///< of the straight one, by how well each fits

  double straight_at(double hours) const { return line + slope * hours; }
  double exponential_at(double hours) const { return std::exp(log_line + growth * hours); }
  double expected_at(double hours) const { return weight < 0.5 ? exponential_at(hours) : straight_at(hours); }
};
Rise rise_of(const Samples& since_onset);

/// The present of an index.
struct Present {
  double hours = 0;
  double level = 0;  ///< smoothed
};

/// The rise that led to the present, on the coarsest scale that still tells it: the one that noise and ripple disturb least.
std::optional<Rise> find_rise(const History& history, const Unrest& unrest, const Present& present, const Gate& gate);

/// Hours from one level to a higher one, as both kinds of growth say, mixed by their weight.
double hours_between(const Rise& rise, double from, double to);

}  // namespace fettle::prognosis
