#include "health/assessor.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::health {

ModeHealth Assessor::assess(const Finding& finding) const {
  constexpr double certain = 16;
  ModeHealth health{asset_, mode_, finding.point, finding.time};
  health.value = finding.value;
  health.baseline = finding.baseline;
  health.warn = limits_.warn(finding.baseline);
  health.limit = limits_.limit(finding.baseline);
  // A baseline that is already at the limit leaves no way to go: the machine was put into service worn.
  const double way = health.limit - health.baseline;
  const double index = way == 0 ? 1.2 : (health.value - health.baseline) / way;
  health.index = std::isnan(index) ? 0 : std::clamp(index, 0.0, 1.2);
  health.absolute = limits_.absolute;
  health.evidence = limits_.absolute && beyond_warning(health) ? certain : finding.evidence;
  return health;
}

}  // namespace fettle::health
