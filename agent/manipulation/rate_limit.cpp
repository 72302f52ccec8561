#include "manipulation/rate_limit.hpp"

#include <chrono>
#include <cmath>

namespace fettle::manipulation {

bool RateLimit::reaches(const Mark& from, const Mark& to) const {
  const std::chrono::duration<double> span = to.time - from.time;
  // A clock that stands still or was set back tells nothing about rates.
  if (span.count() <= 0) return true;
  return std::abs(to.value - from.value) <= rule_.max_rate * span.count() + rule_.step;
}

bool RateLimit::fits(Time time, double value) {
  const Mark now{time, value};
  if (!last_ || reaches(*last_, now) || (doubt_ && reaches(*doubt_, now))) {
    last_ = now;
    doubt_.reset();
    return true;
  }
  doubt_ = now;
  return false;
}

void RateLimit::begin_anew() {
  last_.reset();
  doubt_.reset();
}

}  // namespace fettle::manipulation
