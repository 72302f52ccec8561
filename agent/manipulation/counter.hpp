#pragma once

#include "core/time.hpp"

#include <optional>

namespace fettle::manipulation {

/// What is known of how a value moves; all in the value's own unit. 0 means that nobody knows.
struct MotionRule {
  double max_rate = 0;  ///< per second, up or down
  double step = 0;      ///< the smallest change that the raw number can show
  double wraps_at = 0;  ///< where a counter begins again at 0

  friend bool operator==(const MotionRule&, const MotionRule&) = default;
};

/// What a counter's reading says about the meter.
enum class CounterEvent {
  none,      ///< it counts
  wrapped,   ///< it ran over, and counts on from 0
  fell,      ///< lower than before, and no wrap: a wrong reading, or the first of a meter that was replaced or reset
  leapt,     ///< higher than it can be: a wrong reading, or the first of a meter that was replaced or set
  replaced,  ///< the next reading agrees with the one that fell or leapt: this is another meter, or one that was reset
};

/// Follows the readings of something that only ever rises (energy, volume, pulses) through wraps, wrong readings and new meters.
/// A single reading that does not fit is never believed; two that agree with each other are, but for a 0 that stands still: a meter that does
/// not answer its gateway shows that for weeks, and a new one begins to count. Pure, and never allocates.
class Counter {
 public:
  explicit Counter(const MotionRule& rule) : rule_{rule} {}

  CounterEvent take(Time time, double value);

  /// What was counted since the first reading. Never falls: what a meter shows of the time before it was put in is not in it.
  double total() const { return total_; }

 private:
  struct Mark {
    Time time{};
    double value = 0;
  };

  std::optional<CounterEvent> judge(const Mark& from, const Mark& to) const;
  double advance(const Mark& from, const Mark& to) const;
  double tolerance(double value) const;

  MotionRule rule_;
  std::optional<Mark> last_;   ///< that fitted
  std::optional<Mark> doubt_;  ///< the latest that did not, if none has fitted since
  double total_ = 0;
};

}  // namespace fettle::manipulation
