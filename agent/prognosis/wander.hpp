#pragma once

#include "prognosis/rise.hpp"

namespace fettle::prognosis {

/// The variance per hour with which an index wanders about its rise by itself, as a random walk does; 0 if it does not. Noise of
/// measurement, which does not add up, is told from it by how the deviations of near and of distant samples differ.
double wander_of(const Rise& rise);

/// Hours that a random walk with drift takes with a probability of 10 % and of 90 % at most.
struct Passage {
  double low = 0, high = 0;
};

/// First passage of a Wiener process whose mean takes `hours` for `way`: inverse Gaussian.
Passage first_passage(double way, double hours, double variance_per_hour);

}  // namespace fettle::prognosis
