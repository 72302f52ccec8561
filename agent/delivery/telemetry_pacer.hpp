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
  void grant() { allowed_ = std::min(allowed_ + 1, burst() + most_granted); }
  /// True if one may be sent now; then it counts.
  bool take(Moment now) {
    const std::chrono::duration<double> since = now - seen_;
    seen_ = now;
    if (allowed_ < burst()) allowed_ = std::min(burst(), allowed_ + since.count() * rate_);
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
  /// What a quarter of a second allows may go at once, so that timers need not be exact.
  double burst() const { return std::max(1.0, rate_ / 4); }
  static constexpr double most_granted = 16;

  double rate_;
  double allowed_ = 1;
  Moment seen_;
};

}  // namespace fettle::delivery
