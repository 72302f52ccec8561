#include "manipulation/held_value.hpp"

#include <algorithm>

namespace fettle::manipulation {

std::optional<Stretch> HeldValue::take(const Reading& reading) {
  if (reading.quality == Quality::uncertain) return std::nullopt;
  std::optional<Stretch> stretch;
  if (held_ && reading.time > held_->time)
    stretch = Stretch{held_->time, std::min(reading.time, held_->time + longest_), held_->value};
  held_.reset();
  if (reading.is_good()) held_ = reading;
  return stretch;
}

std::int64_t period_of(Time time, Duration every) {
  const auto since = time.time_since_epoch().count();
  const auto length = std::max<std::int64_t>(1, every.count());
  return since / length - (since % length < 0 ? 1 : 0);
}

}  // namespace fettle::manipulation
