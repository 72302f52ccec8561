#pragma once

#include "acquisition/driver.hpp"
#include "core/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fettle::acquisition {

/// How often the points of each PointClass are wanted; all equal for a device that is read as a whole.
using Paces = std::array<Duration, 3>;

inline Paces all_at(Duration every) { return {every, every, every}; }

/// Which device of a bus is asked when, and for what. Each class of its points stays on its own grid (start + n × period), so nothing
/// drifts; who has waited longest comes first, so nobody starves; polls that a slow bus has no time for are skipped and counted, never
/// queued.
class PollPlan {
 public:
  /// A device that is due, with the classes of points that are.
  struct Turn {
    std::size_t device = 0;
    ClassSet classes;
  };

  /// All are due at `start`. Every period is longer than zero.
  PollPlan(std::span<const Paces> devices, Time start);

  /// The device that is due now, if any; its next poll is the first moment of its grid after now.
  std::optional<Turn> take(Time now);

  /// How long until one is due; zero if one is. A plan without devices waits for ever.
  Duration wait(Time now) const;

  /// Polls of a device that were left out because the bus was busy: those of the class that is wanted most often.
  std::uint64_t skipped(std::size_t device) const { return entries_.at(device).skipped; }

 private:
  struct Entry {
    Paces every;
    std::array<Time, 3> due;
    std::uint64_t skipped = 0;
  };

  static Time due(const Entry& entry, std::size_t place, Time now);
  static Time due(const Entry& entry, Time now);

  std::vector<Entry> entries_;
};

}  // namespace fettle::acquisition
