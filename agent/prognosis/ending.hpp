#pragma once

#include "prognosis/factory_errors.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>

namespace fettle::prognosis {

/// Levels of the index at which one machine in ten, every second one, and nine in ten of those have failed that came so far.
struct Ending {
  double low = 0, mid = 0, high = 0;
};

/// A limit is a convention: machines fail about it, and one that still runs beyond it fails further on.
inline Ending ending_beyond(double level) {
  constexpr double least_way = 0.003;
  const boost::math::normal failures{1, doubt};
  const double still_run = std::max(cdf(complement(failures, level)), 1e-6);
  const auto failed = [&](double share) {
    return std::max(quantile(complement(failures, still_run * (1 - share))), level + least_way);
  };
  return {failed(0.1), failed(0.5), failed(0.9)};
}

}  // namespace fettle::prognosis
