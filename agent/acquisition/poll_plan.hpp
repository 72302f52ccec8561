#pragma once

#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fettle::acquisition {

/// Which device of a bus is asked when. Each stays on its own grid (start + n × every), so nothing drifts; who has waited longest
/// comes first, so nobody starves; polls that a slow bus has no time for are skipped and counted, never queued.
class PollPlan {
 public:
  /// All are due at `start`. Every period is longer than zero.
  PollPlan(std::span<const Duration> periods, Time start);

  /// The device that is due now, if any; its next poll is the first moment of its grid after now.
  std::optional<std::size_t> take(Time now);

  /// How long until one is due; zero if one is. A plan without devices waits for ever.
  Duration wait(Time now) const;

  /// Polls of a device that were left out because the bus was busy.
  std::uint64_t skipped(std::size_t device) const { return entries_.at(device).skipped; }

 private:
  struct Entry {
    Duration every;
    Time due;
    std::uint64_t skipped = 0;
  };

  static Time due(const Entry& entry, Time now);

  std::vector<Entry> entries_;
};

}  // namespace fettle::acquisition
