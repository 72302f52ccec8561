#pragma once

#include "core/time.hpp"

#include <optional>

namespace fettle::manipulation {

/// How a reading's time goes with those before.
enum class Arrival {
  next,  ///< newer than all before
  anew,  ///< the first one; or after a gap that anything may have happened in; or the clock was set back: an epoch begins
  repeated,    ///< of the same time as the newest
  late,        ///< older than the newest
  impossible,  ///< of a time in which there was no gateway, or will be none
};

/// Puts the readings of one point in the order of their times. One that is older than the newest is late; when others go on from there, the
/// clock was set back. Pure, and never allocates.
class TimeOrder {
 public:
  Arrival take(Time time);

  /// Since the reading before; 0 where nothing can be said about what happened between the two.
  Duration interval() const { return interval_; }

 private:
  static constexpr Time never{Duration::min()};

  Time newest_ = never;
  Time late_ = never;  ///< the latest that was late
  Duration interval_{};
};

}  // namespace fettle::manipulation
