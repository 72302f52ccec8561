#pragma once

#include "prognosis/courses.hpp"
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

/// How an index left its level.
struct Rise {
  Samples since_onset;
  Kendall kendall;
  double slope = 0;  ///< since the onset, per hour
  Courses courses;   ///< that may have led to the present
};

/// The present of an index.
struct Present {
  double hours = 0;
  double level = 0;  ///< smoothed
};

/// The rise that led to the present, on the coarsest scale that still tells it: the one that noise and ripple disturb least.
std::optional<Rise> find_rise(const History& history, const Unrest& unrest, const Present& present, const Gate& gate);

}  // namespace fettle::prognosis
