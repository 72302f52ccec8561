#pragma once

#include <algorithm>
#include <cmath>

namespace fettle::prognosis {

/// How well this machine's own course so far could be foreseen: at each small step of the index the time to the next one is
/// predicted, and compared when it is reached. A course that surprises widens the interval; that it was faster or slower than
/// foreseen moves nothing, because that says little about what comes.
class Milestones {
 public:
  static constexpr double step = 0.08;  ///< of the index

  bool is_waiting() const { return target_ > 0; }
  bool is_reached(double level) const { return is_waiting() && level >= target_; }
  void expect(double hours, double level, double hours_ahead) {
    set_at_ = hours;
    target_ = static_cast<float>(level + step);
    expected_ = static_cast<float>(hours_ahead);
  }
  /// `shortest`: the time between two updates; no crossing is known more exactly. Gives back log(time taken / time foreseen).
  double reach(double hours, double shortest) {
    const double error = std::log(std::max(hours - set_at_, shortest) / std::max<double>(expected_, shortest));
    const double kept = count_ < memory ? 1 : 1 - 1 / memory;
    squares_ = static_cast<float>(kept * squares_ + error * error);
    count_ = std::min(count_ + 1, memory);
    target_ = 0;
    return error;
  }
  /// By how much the interval is to be wider than that of the simulated lives. At least 1.
  double spread() const {
    const double square = usual * usual;
    return std::max(1.0, std::sqrt((belief * square + squares_) / ((belief + count_) * square)));
  }

 private:
  static constexpr float memory = 12;
  static constexpr double usual =
      0.9;  ///< root mean square of the error over simulated lives, printed by `forecast_calibration`
  static constexpr double belief = 4;  ///< milestones that the simulated lives count for

  double set_at_ = 0;
  float target_ = 0, expected_ = 0, squares_ = 0, count_ = 0;
};

}  // namespace fettle::prognosis
