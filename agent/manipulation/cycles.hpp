#pragma once

#include "core/reading.hpp"
#include "core/state.hpp"

#include <optional>

namespace fettle::manipulation {

/// A time in which a machine ran, or stood, without a break.
struct Spell {
  bool on = false;
  Duration length{};
};

/// What one more reading of the run state says.
struct CycleStep {
  Duration on{}, off{};           ///< of the time since the last reading, if it is known how that was spent
  bool started = false;           ///< it stood, and runs now
  std::optional<Spell> finished;  ///< if both its ends were seen
};

/// Makes runs and standstills of a run state (0 or 1). Each began and ended halfway between the two readings that differ. A gap is no
/// stop: a machine that runs before and after it has not started again, but how long that run was remains unknown.
class Cycles {
 public:
  /// How often the run state is due.
  explicit Cycles(Duration every) : every_{every} {}

  CycleStep take(const Reading& state);

  /// Nothing before the first reading.
  std::optional<bool> on() const { return seen_ ? std::optional{on_} : std::nullopt; }

  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  void change(CycleStep& step, Time at, bool seen);

  Duration every_;
  Time last_{}, since_{};
  bool seen_ = false;
  bool on_ = false;
  bool whole_ = false;  ///< its beginning was seen, and no gap since
};

}  // namespace fettle::manipulation
