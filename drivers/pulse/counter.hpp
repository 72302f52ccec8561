#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace fettle::pulse {

using Moment = std::chrono::steady_clock::time_point;

/// One pulse as the kernel saw it: its own time, and its number on this line. The number goes on even where the kernel had to drop a
/// pulse because nobody read it in time.
struct Edge {
  Moment time;
  std::uint32_t number = 0;
};

/// Counts pulses, and tells how fast they come. Knows by their numbers how many it was not shown.
class PulseCounter {
 public:
  /// `quiet`: after so long without a pulse nothing flows.
  PulseCounter(std::uint64_t already, std::chrono::nanoseconds quiet) : total_{already}, quiet_{quiet} {}

  /// The line was opened: numbers begin at 1 again, and pulses in between were seen by nobody.
  void begin(Moment now);
  void count(const Edge& edge);

  std::uint64_t total() const { return total_; }
  /// Pulses of the total whose time nobody knows.
  std::uint64_t unseen() const { return unseen_; }

  /// Pulses a second: over all that came since the last call, or, where none came, at most one in the time since. Nothing until two
  /// have come, unless it is quiet. Ends the span that the next call looks at.
  std::optional<double> take_rate(Moment now);

 private:
  std::uint64_t total_ = 0, unseen_ = 0;
  std::chrono::nanoseconds quiet_;
  std::uint32_t last_number_ = 0;
  std::optional<Moment> opened_, last_, reference_;
  std::uint64_t since_reference_ = 0;
  std::optional<double> rate_;
};

}  // namespace fettle::pulse
