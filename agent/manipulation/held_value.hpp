#pragma once

#include "core/reading.hpp"
#include "manipulation/feature.hpp"

#include <optional>

namespace fettle::manipulation {

/// A stretch of time in which a value was known.
struct Stretch {
  Time from{}, to{};
  double value = 0;
};

/// Makes stretches of irregular readings: each value holds until the next one, though for three of its periods at most, and until a bad
/// reading ends it. Doubtful readings are taken as if they had not come. Pure, and never allocates.
class HeldValue {
 public:
  explicit HeldValue(Duration every) : longest_{3 * every} {}

  /// The stretch that ends with this reading or before; nothing if there is none.
  std::optional<Stretch> take(const Reading& reading);

 private:
  Duration longest_;
  std::optional<Reading> held_;
};

/// The period, aligned to UTC, that a moment lies in, counted through; those before 1970 have negative numbers.
std::int64_t period_of(Time time, Duration every);

}  // namespace fettle::manipulation
