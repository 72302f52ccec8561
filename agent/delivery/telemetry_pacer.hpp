#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace fettle::delivery {

/// Holds a backlog to a rate by which it shrinks, whatever is added to it meanwhile: what is sent may be `rate` batches a second more
/// than what is made. So the live data are never overtaken, and the backlog always comes to its end.
class TelemetryPacer {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  explicit TelemetryPacer(int rate) : rate_{static_cast<double>(rate)} {}

  /// A backlog begins to be sent.
  void begin(Moment now) {
    allowed_ = 1;
    granted_ = 0;
    seen_ = now;
  }
  /// One more has joined the backlog. A hundred devices that are read in the same moment make a hundred at once, and as many may go, unless
  /// nothing could for a while.
  void grant() { ++granted_; }
  /// True if one may be sent now; then it counts.
  bool take(Moment now) {
    const std::chrono::duration<double> since = now - seen_;
    seen_ = now;
    allowed_ = std::min(allowed_ + since.count() * rate_, most());
    if (since > standstill) granted_ = 0;
    if (granted_ > 0) {
      --granted_;
      return true;
    }
    if (allowed_ < 1) return false;
    allowed_ -= 1;
    return true;
  }
  /// After how long the next one may be sent, if none is granted until then.
  std::chrono::nanoseconds wait() const {
    const std::chrono::duration<double> left{std::max(0.0, 1 - allowed_) / rate_};
    return std::chrono::ceil<std::chrono::milliseconds>(left);
  }

 private:
  static constexpr std::chrono::seconds standstill{2};

  /// So much may go at once after a standstill: enough that timers need not be exact, and no flood.
  double most() const { return rate_ / 4 + 16; }

  double rate_;
  double allowed_ = 1;         ///< by the time that went by
  std::uint64_t granted_ = 0;  ///< by what was made
  Moment seen_;
};

}  // namespace fettle::delivery
