#pragma once

#include "core/time.hpp"
#include "manipulation/counter.hpp"

#include <optional>

namespace fettle::manipulation {

/// A value that moves no faster than it can. A single reading that is too far from the last is not believed; two that agree with each
/// other are, or when enough time has passed. Pure, and never allocates.
class RateLimit {
 public:
  explicit RateLimit(const MotionRule& rule) : rule_{rule} {}

  bool fits(Time time, double value);
  /// Nothing is known of what comes next.
  void begin_anew();

 private:
  struct Mark {
    Time time{};
    double value = 0;
  };

  bool reaches(const Mark& from, const Mark& to) const;

  MotionRule rule_;
  std::optional<Mark> last_, doubt_;
};

}  // namespace fettle::manipulation
