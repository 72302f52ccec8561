#pragma once

#include "delivery/telemetry_spool.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>

namespace fettle::delivery {

/// The batches that the broker has not acknowledged, in their order: the older ones in the spool, the newest in memory. While they are
/// acknowledged soon nothing is ever written; what is late is spilled. Bounded in memory as on disk.
class TelemetryQueue {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// `spool` outlives it. `memory` is in bytes.
  TelemetryQueue(TelemetrySpool& spool, std::size_t memory) : spool_{spool}, memory_{memory} {}

  /// Its number is above all others.
  void add(TelemetryBatch batch, Moment now);
  /// The next one that was not sent on this connection, which now is.
  std::optional<TelemetryBatch> next();
  bool has_unsent() const;
  void delivered(std::uint64_t seq);
  /// All that was not delivered is to be sent again.
  void link_lost();

  /// When the oldest batch in memory was added; nothing while there is none.
  std::optional<Moment> oldest_in_memory() const;
  /// True while something is under way to the broker.
  bool is_expecting() const { return !flying_.empty(); }
  /// Everything from memory to the disk, as far as that takes it.
  void spill();
  /// Clears the spool of what was delivered.
  void forget_delivered();

  std::size_t waiting() const { return fresh_.size() + spool_.count(); }
  std::size_t waiting_in_memory() const { return fresh_.size(); }
  std::uint64_t dropped() const { return spool_.dropped(); }

 private:
  struct Fresh {
    TelemetryBatch batch;
    Moment added;
  };
  using FreshOnes = std::deque<Fresh>;

  bool spill_some();
  std::uint64_t delivered_up_to() const;
  FreshOnes::const_iterator first_behind(std::uint64_t seq) const;

  TelemetrySpool& spool_;
  std::size_t memory_, bytes_ = 0;
  FreshOnes fresh_;
  std::deque<TelemetryBatch> read_ahead_;
  std::uint64_t sent_ = 0;  ///< the highest number that was sent on this connection
  std::set<std::uint64_t> flying_;
  bool refused_ = false;  ///< the disk did not take the latest spill; the next one is spill()'s caller's to decide
};

}  // namespace fettle::delivery
