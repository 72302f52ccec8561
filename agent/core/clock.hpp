#pragma once

#include "core/time.hpp"

#include <chrono>
#include <optional>

namespace fettle {

/// The domain clock: the time that readings, documents and delays carry.
/// It is the system's clock, or with `--speed X[@START]` a simulated one: START + X × elapsed. Immutable, so every thread may
/// hold a copy. Deadlines on a wire never use it; they are real and belong to the steady clock.
class DomainClock {
 public:
  /// The system's clock.
  DomainClock() = default;

  /// A simulated clock that reads `start` now and runs `speed` times as fast. `speed` > 0.
  DomainClock(Time start, double speed) : start_{start}, speed_{speed}, epoch_{std::chrono::steady_clock::now()} {}

  Time now() const;
  /// What this clock said, or will say, at a moment of the steady clock: for what happened a while ago.
  Time at(std::chrono::steady_clock::time_point moment) const;
  bool simulated() const { return start_.has_value(); }
  double speed() const { return speed_; }

  /// How long to wait in reality for `span` of domain time to pass; never negative.
  std::chrono::nanoseconds real(Duration span) const;

 private:
  std::optional<Time> start_;
  double speed_ = 1;
  std::chrono::steady_clock::time_point epoch_;
};

}  // namespace fettle
