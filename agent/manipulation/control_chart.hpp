#pragma once

#include "core/state.hpp"

#include <array>
#include <cstddef>

namespace fettle::manipulation {

/// Adds up by how much the residuals of days leave what is usual: a tabular CUSUM (Page 1954). Sigma is that of the last eight weeks in
/// control (median absolute deviation, so that holidays do not widen it), and never less than 1 % of the mean power. 0.5 KB.
class ControlChart {
 public:
  /// `material` is the share of the mean power that does not count at all: seasons do as much beside the weather.
  explicit ControlChart(double material) : material_{material} {}

  /// A day in control.
  void learn(double residual, double power);
  /// A sum after another day: it rises by what exceeds half a sigma and what is not material. No single day, however wild, adds more
  /// than 3.5; the sum stays within 0 and 16.
  double added(double sum, double residual) const;
  double sigma() const;
  double days() const { return count_; }

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

  static constexpr double most = 16;

 private:
  static constexpr std::size_t memory = 56;

  double material_;
  std::array<double, memory> days_{};  ///< residuals
  double count_ = 0;
  double level_ = 0;  ///< mean power
};

}  // namespace fettle::manipulation
