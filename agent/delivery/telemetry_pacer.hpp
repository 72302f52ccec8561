#pragma once

#include <algorithm>
#include <chrono>

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
    seen_ = now;
  }
  /// One more has joined the backlog.
  void grant() { allowed_ = std::min(allowed_ + 1, most()); }
  /// True if one may be sent now; then it counts.
  bool take(Moment now) {
    const std::chrono::duration<double> since = now - seen_;
    seen_ = now;
    allowed_ = std::min(allowed_ + since.count() * rate_, most());
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
  /// So much may go at once after a standstill: enough that timers need not be exact, and no flood.
  double most() const { return rate_ / 4 + 16; }

  double rate_;
  double allowed_ = 1;
  Moment seen_;
};

}  // namespace fettle::delivery
