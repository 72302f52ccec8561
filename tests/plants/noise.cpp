#include "plants/noise.hpp"

#include <cmath>

namespace fettle::plants {

void Wander::step(Noise& noise, Duration span) {
  const double kept = 1 - approach_of(span, memory_);
  value_ = value_ * kept + noise.normal(deviation_ * std::sqrt(1 - kept * kept));
}

double quantised(double value, double resolution) { return std::round(value / resolution) * resolution; }

double approach_of(Duration span, Duration time_constant) {
  return 1 - std::exp(-to_hours(span) / to_hours(time_constant));
}

double in_days(Duration span) { return to_hours(span) / 24; }

}  // namespace fettle::plants
