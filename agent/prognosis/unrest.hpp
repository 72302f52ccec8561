#pragma once

#include <algorithm>
#include <cmath>

namespace fettle::prognosis {

/// How much a healthy index moves by itself (noise, load, weather), about a running mean that a wear worth a forecast outlasts.
class Unrest {
 public:
  void observe(double hours_since_last, double index) {
    if (count_ == 0) mean_ = index;
    const double deviation = index - mean_;
    const double fading = std::min(1 - std::exp(-hours_since_last / memory_hours), quickest);
    mean_ += deviation * std::max(fading, 1 / (1 + count_));
    count_ += 1;
    if (deviation <= 0) return;  // an index is cut off at 0, so only its way up shows the whole of it
    const double counted = std::min(deviation, is_known() ? 3 * scale() : largest);
    square_ += (counted * counted - square_) / std::clamp(count_ / 2, 1.0, longest);
  }

  bool is_known() const { return count_ >= settled; }
  /// In units of the index.
  double scale() const { return std::max(least, std::sqrt(square_)); }

 private:
  static constexpr double memory_hours = 36;
  static constexpr double quickest = 0.1;
  static constexpr double settled = 24;
  static constexpr double longest = 250;
  static constexpr double least = 0.005;
  static constexpr double largest = 1;

  double mean_ = 0, square_ = 0, count_ = 0;
};

}  // namespace fettle::prognosis
