#include "manipulation/counter.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fettle::manipulation {
namespace {

/// Where no rate is known, a wrap that is more of a leap than this share of the whole range is none.
constexpr double widest_wrap = 0.05;
/// Meters that send floats round them now up, now down: that is about two of their last digits.
constexpr double float_noise = 2.5e-7;

}  // namespace

double Counter::tolerance(double value) const { return std::max(rule_.step, std::abs(value) * float_noise); }

/// How far the counter came, if it wrapped at most once.
double Counter::advance(const Mark& from, const Mark& to) const {
  const auto difference = to.value - from.value;
  return difference < -tolerance(from.value) && rule_.wraps_at > 0 ? difference + rule_.wraps_at : difference;
}

/// Whether a meter that showed `from` can show `to`: what happened, or nothing if it cannot.
std::optional<CounterEvent> Counter::judge(const Mark& from, const Mark& to) const {
  const auto slack = tolerance(from.value);
  const bool below = to.value < from.value - slack;
  const auto moved = advance(from, to);
  const std::chrono::duration<double> span = to.time - from.time;
  const bool timed = rule_.max_rate > 0 && span.count() > 0;
  if (timed && moved > rule_.max_rate * span.count() + slack) return std::nullopt;
  if (!below) return CounterEvent::none;
  const bool wraps = rule_.wraps_at > 0 && moved >= 0 && (timed || moved <= widest_wrap * rule_.wraps_at);
  return wraps ? std::optional{CounterEvent::wrapped} : std::nullopt;
}

CounterEvent Counter::take(Time time, double value) {
  const Mark now{time, value};
  if (!last_) {
    last_ = now;
    return CounterEvent::none;
  }
  if (const auto event = judge(*last_, now)) {
    total_ += std::max(0.0, advance(*last_, now));
    // A reading that is lower by rounding does not move the mark, or the next would count the difference twice.
    if (*event == CounterEvent::wrapped || value > last_->value) last_ = now;
    last_->time = time;
    doubt_.reset();
    return *event;
  }
  const bool stands_at_nothing = doubt_ && doubt_->value == 0 && value == 0;
  if (doubt_ && !stands_at_nothing && judge(*doubt_, now)) {
    total_ += std::max(0.0, advance(*doubt_, now));
    last_ = now;
    doubt_.reset();
    return CounterEvent::replaced;
  }
  doubt_ = now;
  return value < last_->value ? CounterEvent::fell : CounterEvent::leapt;
}

}  // namespace fettle::manipulation
