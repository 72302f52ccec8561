#pragma once

#include "core/reading.hpp"
#include "core/verdicts.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace fettle {

/// A point on the clock that is never set.
using SteadyMoment = std::chrono::steady_clock::time_point;

/// Keeps the readings of a gateway back that does not know yet what time it is, and dates them when it does: by how long ago they were
/// taken, for a clock that is set says nothing about that.
///
/// A clock is taken for right when it is synchronised, or shows no time before `known_past`. In a new journal, which has no past to
/// compare with, synchronisation is waited for a while first. What cannot be right is waited for as long as it takes, in a queue that
/// drops its oldest.
class Redating {
 public:
  /// `known_past`: a moment that is over, such as that of the journal's latest entry.
  Redating(Time known_past, bool new_journal, std::size_t capacity = 60'000);

  /// True once the time is known, and ever after. To be asked before readings or the time are given to anybody.
  bool is_settled(Time now, SteadyMoment steady, bool synchronised);

  void hold(std::span<const Reading> readings, SteadyMoment steady);
  /// Everything that was held, in order, with its time; afterwards nothing is held.
  std::vector<Reading> release(Time now, SteadyMoment steady);

  std::size_t held() const { return held_.size(); }
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Held {
    Reading reading;
    SteadyMoment taken;
  };

  Time known_past_;
  bool new_journal_;
  std::size_t capacity_;
  bool settled_ = false;
  std::optional<SteadyMoment> began_;
  std::deque<Held> held_;
  std::uint64_t dropped_ = 0;
};

/// Notices that the clock was set, by the clock that is never set.
class ClockStep {
 public:
  /// How far it was set since the last call; zero where that is less than a minute: clocks that are steered drift a little.
  Duration look(Time now, SteadyMoment steady);

 private:
  std::optional<Duration> offset_;
};

/// Moves what the agent itself dated in an alert that nobody has seen yet. What people wrote keeps its time.
void redate(Alert& alert, Duration step);

}  // namespace fettle
