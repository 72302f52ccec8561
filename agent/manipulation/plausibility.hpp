#pragma once

#include "core/reading.hpp"
#include "manipulation/counter.hpp"

#include <optional>
#include <variant>

namespace fettle::manipulation {

/// A value that moves no faster than it can. A single reading that is too far from the last is not believed; two that agree with each
/// other are, or when enough time has passed. Pure, and never allocates.
class RateLimit {
 public:
  explicit RateLimit(const MotionRule& rule) : rule_{rule} {}

  bool fits(Time time, double value);

 private:
  struct Mark {
    Time time{};
    double value = 0;
  };

  bool reaches(const Mark& from, const Mark& to) const;

  MotionRule rule_;
  std::optional<Mark> last_, doubt_;
};

/// Looks at the good readings of one point, one after the other, and says which of them do not fit with those before: they become
/// uncertain, with their value and a reason. Never allocates.
class Plausibility {
 public:
  enum class Kind : bool { gauge, counter };

  /// Nothing to look at if no rate is known and it is no counter.
  Plausibility(Kind kind, const MotionRule& rule);

  /// What the last reading said about a counter; `none` for anything else.
  CounterEvent event() const { return event_; }
  Reading judged(Reading reading);

 private:
  std::variant<std::monostate, RateLimit, Counter> rule_;
  CounterEvent event_ = CounterEvent::none;
};

}  // namespace fettle::manipulation
