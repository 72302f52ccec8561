#pragma once

#include "core/state.hpp"
#include "core/time.hpp"
#include "manipulation/point_facts.hpp"

#include <cstdint>
#include <limits>

namespace fettle::manipulation {

/// Finds a value that stands still for far longer than it ever did: three times the second longest time of what it did by nature, so that
/// one failure of the past does not hide the next. Needs two weeks and many changes before it says anything. Pure, and never allocates.
class Stuck {
 public:
  /// False: it should have moved by now. `interval` is the time since the reading before.
  bool fits(Duration interval, double value, const Nature& nature);
  /// What happened until now is not known: how long it has stood still begins here.
  void begin_anew() { stood_ = 0; }

  double last() const { return value_; }

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  void change_to(double value);
  void learn(float stood);
  void live(float span);
  bool can_tell(const Nature& nature) const;

  double value_ = std::numeric_limits<double>::quiet_NaN();
  float stood_ = 0;                 ///< seconds since it changed
  float longest_ = 0, second_ = 0;  ///< times that it stood still and moved on
  float lived_ = 0;                 ///< seconds that were watched; until the next day when it is old enough
  float step_ = 0;                  ///< about the smallest change that is usual
  std::uint16_t changes_ = 0, days_ = 0;
};

}  // namespace fettle::manipulation
