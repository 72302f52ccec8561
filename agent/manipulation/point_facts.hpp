#pragma once

#include "core/quantity.hpp"
#include "manipulation/counter.hpp"

namespace fettle::manipulation {

/// What is known of a point before its first reading. Points of the same kind share one.
struct PointFacts {
  Quantity quantity = Quantity::ratio;
  double lowest = facts(Quantity::ratio).lowest;    ///< that the device can show; in the quantity's own unit
  double highest = facts(Quantity::ratio).highest;  ///< beyond these: Reason::out_of_range
  MotionRule motion = {};
  bool counts = false;     ///< it only ever rises
  bool commanded = false;  ///< people or a program set it, such as a set point: it stands still and leaps as they like

  friend bool operator==(const PointFacts&, const PointFacts&) = default;
};

/// How a quantity moves in a building, as far as that is the same everywhere.
struct Nature {
  double spike_floor = 0;  ///< a move smaller than this is no spike
  double spike_factor =
      0;                ///< a spike is so many times as far as the farthest usual move; 0: it may leap, such as a state
  bool sticks = false;  ///< if it stands still for long, its sensor may be stuck
  bool rests_at_zero = false;   ///< exactly 0 is a machine at rest, and may last for ever
  double least_resolution = 0;  ///< of its digits that a value must have before its standing still says anything
};

const Nature& nature_of(Quantity quantity);

}  // namespace fettle::manipulation
