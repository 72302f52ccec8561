#include "manipulation/plausibility.hpp"

#include <chrono>
#include <cmath>

namespace fettle::manipulation {
namespace {

/// A new meter's first readings are right, and what was consumed between the old one's last and the new one's first is not in them.
Reason reason_of(CounterEvent event) {
  switch (event) {
    case CounterEvent::none:
    case CounterEvent::wrapped: return Reason::none;
    case CounterEvent::leapt: return Reason::too_fast;
    case CounterEvent::fell:
    case CounterEvent::replaced: return Reason::set_back;
  }
  return Reason::none;
}

Reading doubted(Reading reading, Reason why) {
  reading.quality = Quality::uncertain;
  reading.reason = why;
  return reading;
}

}  // namespace

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

Plausibility::Plausibility(Kind kind, const MotionRule& rule) {
  if (kind == Kind::counter) {
    rule_.emplace<Counter>(rule);
  } else if (rule.max_rate > 0) {
    rule_.emplace<RateLimit>(rule);
  }
}

Reading Plausibility::judged(Reading reading) {
  event_ = CounterEvent::none;
  if (!reading.is_good()) return reading;
  if (auto* const limit = std::get_if<RateLimit>(&rule_)) {
    return limit->fits(reading.time, reading.value) ? reading : doubted(reading, Reason::too_fast);
  }
  if (auto* const counter = std::get_if<Counter>(&rule_)) event_ = counter->take(reading.time, reading.value);
  const auto why = reason_of(event_);
  return why == Reason::none ? reading : doubted(reading, why);
}

}  // namespace fettle::manipulation
