#pragma once

#include "core/state.hpp"

#include <array>
#include <cstdint>

namespace fettle::detection {

/// Median of everything learned so far, in five numbers: the P-square algorithm (R. Jain, I. Chlamtac, 1985).
class RunningMedian {
 public:
  void learn(double value);
  /// After at least five values.
  double value() const { return heights_[2]; }
  std::uint64_t count() const { return count_; }

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  static constexpr std::size_t markers = 5;

  void adjust(std::size_t marker);
  double parabolic(std::size_t marker, double step) const;
  double linear(std::size_t marker, double step) const;

  std::array<double, markers> heights_{}, places_{1, 2, 3, 4, 5};
  std::uint64_t count_ = 0;
};

}  // namespace fettle::detection
