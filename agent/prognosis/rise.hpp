#pragma once

#include "prognosis/history.hpp"
#include "prognosis/trend.hpp"
#include "prognosis/unrest.hpp"

#include <array>
#include <cstddef>
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

/// A law of growth, fitted as the straight line that some power of the index follows (Box and Cox, 1964).
struct Growth {
  double slope = 0;   ///< of the transformed index above its base, per hour
  double line = 0;    ///< it at hour 0
  double weight = 0;  ///< by how well it fits, beside the others

  bool rises() const { return slope > 0; }
};

/// The laws by that power: 1 is straight, a third grows by the cube, 0 (the logarithm) exponentially.
constexpr std::array<double, 3> powers{1, 1.0 / 3, 0};

/// What the laws of growth say of some samples.
struct Rise {
  Samples since_onset;
  double base = 0;  ///< where the index was before; its laws are those of what is above
  Kendall kendall;
  std::array<Growth, powers.size()> laws;

  const Growth& straight() const { return laws.front(); }
  /// The index by one of the laws.
  double expected_at(double hours, std::size_t law) const;
  /// By the one that fits best.
  double expected_at(double hours) const;
};
Rise rise_of(const Samples& since_onset, double base);

/// The present of an index.
struct Present {
  double hours = 0;
  double level = 0;  ///< smoothed
};

/// The rise that led to the present, on the coarsest scale that still tells it: the one that noise and ripple disturb least.
std::optional<Rise> find_rise(const History& history, const Unrest& unrest, const Present& present, const Gate& gate);

/// Hours from one level to a higher one, as the laws of growth say, mixed by their weight.
double hours_between(const Rise& rise, double from, double to);

}  // namespace fettle::prognosis
