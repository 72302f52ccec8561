#include "health/assessor.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::health {

namespace {

double index_of(const ModeHealth& health) {
  const double way = health.limit - health.baseline;
  // A machine that was put into service worn is at its limit from the first day; there is no way to measure.
  if (way == 0 || (way > 0) != health.rising) {
    return (health.rising ? health.value >= health.limit : health.value <= health.limit) ? 1.2 : 0;
  }
  const double index = (health.value - health.baseline) / way;
  return std::isnan(index) ? 0 : std::clamp(index, 0.0, 1.2);
}

/// Nothing is learned where limits are absolute. A sound machine is at 0 then, unless that is beyond the warning: where falling is bad, it
/// is as far above the warning as the limit is below it.
double sound_value(const ModeHealth& health) {
  const bool zero_is_sound = health.rising ? health.warn >= 0 : health.warn <= 0;
  return zero_is_sound ? 0 : 2 * health.warn - health.limit;
}

}  // namespace

ModeHealth Assessor::assess(const Finding& finding) const {
  constexpr double certain = 16;
  ModeHealth health{asset_, mode_, finding.point, finding.time};
  health.words = finding.words;
  health.value = finding.value;
  health.baseline = finding.baseline;
  health.warn = limits_.warn(finding.baseline);
  health.limit = limits_.limit(finding.baseline);
  health.rising = health.limit >= health.warn;
  health.absolute = limits_.absolute;
  if (health.absolute) health.baseline = sound_value(health);
  health.index = index_of(health);
  health.evidence = limits_.absolute && beyond_warning(health) ? certain : finding.evidence;
  return health;
}

}  // namespace fettle::health
