#include "prognosis/wander.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/inverse_gaussian.hpp>
#include <cmath>

namespace fettle::prognosis {
namespace {

constexpr double least_diffusion = 1e-4;
constexpr double most_diffusion = 4;

/// Mean square of the differences of deviations so many samples apart, and the mean time between them. What all have in common is drift.
struct Difference {
  double square = 0, hours = 0;
};

Difference differences(std::span<const Sample> deviations, std::size_t apart) {
  Difference sum;
  double drift = 0;
  const auto count = static_cast<double>(deviations.size() - apart);
  for (std::size_t at = apart; at < deviations.size(); ++at) {
    const double difference = deviations[at].value - deviations[at - apart].value;
    sum.square += difference * difference / count;
    sum.hours += (deviations[at].hours - deviations[at - apart].hours) / count;
    drift += difference / count;
  }
  sum.square -= drift * drift;
  return sum;
}

}  // namespace

double wander_of(const Rise& rise) {
  const auto samples = rise.since_onset.view();
  Samples deviations;
  for (const auto& each : samples) deviations.add({each.hours, each.value - rise.courses.expected_at(each.hours)});
  const auto near = differences(deviations.view(), 1);
  const auto far = differences(deviations.view(), 3);
  if (far.hours <= near.hours) return 0;
  return std::max(0.0, (far.square - near.square) / (far.hours - near.hours));
}

Passage first_passage(double way, double hours, double variance_per_hour) {
  const double diffusion = variance_per_hour * hours / (way * way);  // the square of the coefficient of variation
  if (diffusion < least_diffusion) return {hours, hours};
  const boost::math::inverse_gaussian law{hours, hours / std::min(diffusion, most_diffusion)};
  return {quantile(law, 0.1), quantile(law, 0.9)};
}

}  // namespace fettle::prognosis
