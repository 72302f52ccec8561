#pragma once

#include "prognosis/history.hpp"

#include <cstddef>
#include <span>

namespace fettle::prognosis {

/// The median of the slopes between all pairs of samples (Theil and Sen), per hour: up to 29 % of wild samples do not move it.
double theil_sen_slope(std::span<const Sample> samples);

/// The line of that slope through the samples' median, at a moment.
double line_at(std::span<const Sample> samples, double slope, double hours);

/// Kendall's rank correlation with time.
struct Kendall {
  double z = 0;    ///< Mann-Kendall: in standard deviations of a series without trend
  double tau = 0;  ///< -1 to 1: 1 when every sample is above all earlier ones
};
Kendall kendall(std::span<const Sample> samples);

/// Where a straight rise took over from a level stretch: the split with the smallest squares. 0 if the rise fills the samples.
std::size_t find_onset(std::span<const Sample> samples, std::size_t least_after);

/// The same samples without single spikes: each is the median of itself and its neighbours.
Samples without_spikes(std::span<const Sample> samples);

}  // namespace fettle::prognosis
