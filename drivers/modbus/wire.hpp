#pragma once

#include "acquisition/backoff.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

namespace fettle::modbus {

using Moment = std::chrono::steady_clock::time_point;
using Span = std::chrono::steady_clock::duration;

/// Bytes to and from the outside world, with real deadlines. A door that tests replace.
class Wire {
 public:
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  virtual Moment now() const = 0;
  virtual bool is_open() const = 0;
  virtual Result<void> open(Moment deadline) = 0;
  virtual void close() = 0;
  virtual Result<void> write(std::span<const std::uint8_t> bytes, Moment deadline) = 0;
  /// Waits for bytes, and returns how many came; 0 if none did until the deadline.
  virtual Result<std::size_t> read(std::span<std::uint8_t> into, Moment deadline) = 0;
  /// Lets time pass; what comes meanwhile is read later. Ends early when the wire is cancelled.
  virtual void rest(Moment until) = 0;
  /// What has come is not all that is expected: a side that waits until it is acknowledged before it sends the rest is to wait no longer.
  virtual void expect_more() {}
  /// Ends what blocks, and refuses everything from then on, with Fault::offline. May be called from another thread.
  virtual void cancel() = 0;
};

/// Opens a wire when it is needed; after a failure not before a pause that grows is over. So it is after a wire that could be opened, and
/// was lost again before anything was heard on it.
class Opener {
 public:
  Opener();
  Result<void> open(Wire& wire, Span patience);
  void heard();
  /// The world has ended the wire, not we.
  void lost(Moment now, const Error& error);

 private:
  acquisition::Backoff opening_, hearing_;
  bool heard_ = false;  ///< since it was opened
  std::string last_failure_;
};

}  // namespace fettle::modbus
