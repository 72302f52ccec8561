#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fettle::delivery {

/// A batch of readings as it is published, but for the mark of one that is late.
struct TelemetryBatch {
  std::uint64_t seq = 0;
  std::string device, document;
};

/// Where batches wait that the broker has not acknowledged, within a bound: the oldest go first, and are counted. What it has taken
/// survives the death of the process. Nothing here fails: what cannot be read is absent, and what cannot be written is reported by the
/// one who keeps it.
class TelemetrySpool {
 public:
  /// Where the numbers of a run begin.
  struct Beginning {
    std::uint64_t seq = 1;     ///< was never used, nor was any above it
    bool after_crash = false;  ///< the last run did not come to its end
  };

  TelemetrySpool() = default;
  TelemetrySpool(const TelemetrySpool&) = delete;
  TelemetrySpool& operator=(const TelemetrySpool&) = delete;
  virtual ~TelemetrySpool() = default;

  virtual Beginning begin() = 0;
  /// Numbers below `seq` may be used from now on. False if that could not be noted.
  virtual bool reserve(std::uint64_t seq) = 0;
  /// The run ends in good order; `seq` is the next number.
  virtual void end(std::uint64_t seq) = 0;

  /// All or none; numbers rise. False if they could not be written.
  virtual bool keep(std::span<const TelemetryBatch> batches) = 0;
  /// Those behind this number, in order.
  virtual std::vector<TelemetryBatch> after(std::uint64_t seq, std::size_t at_most) = 0;
  /// The broker has everything up to this number.
  virtual void forget(std::uint64_t up_to) = 0;

  virtual std::size_t count() = 0;
  /// The highest number in it; 0 while it is empty.
  virtual std::uint64_t last() = 0;
  /// Batches lost for want of room, over all runs.
  virtual std::uint64_t dropped() = 0;
  virtual void count_dropped(std::uint64_t more) = 0;
};

}  // namespace fettle::delivery
