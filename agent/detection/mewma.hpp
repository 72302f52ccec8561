#pragma once

#include "core/state.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace fettle::detection {

/// Watches several readings of one machine together: the distance of their moving averages from where they were while all was well, in a
/// measure that knows which of them move together (multivariate EWMA chart, C. A. Lowry et al., 1992). The measure is learned from the
/// first rows, and stays; when a channel speaks for the first time, it is learned anew.
class Mewma {
 public:
  /// Learns from so many rows of so many channels.
  Mewma(std::size_t channels, std::size_t rows_to_learn);
  Mewma(const Mewma&) = delete;
  Mewma& operator=(const Mewma&) = delete;
  ~Mewma();

  /// The distance after this row, without a unit; 0 while learning. A channel without a finite value keeps its average. Never allocates.
  double judge(std::span<const double> values);
  void start_anew();
  bool is_learning() const;
  /// The first rows, whose averages are not yet what they would be after long, do not count for the measure.
  bool is_settling() const;

  /// The moving averages, and how far others would be. Nothing (0) while learning.
  std::span<const double> averages() const;
  double distance_of(std::span<const double> averages) const;

  void save(StateWriter& writer) const;
  /// False, and as new, if what is read cannot be a chart's of so many channels and rows.
  bool restore(StateReader& reader);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;  ///< so that the library for matrices stays behind this door
};

/// A chart with a limit of its own: its distance in multiples of what all but one in a hundred of the rows learned from stayed below.
class LimitedMewma {
 public:
  LimitedMewma(std::size_t channels, std::size_t rows_to_learn);

  /// 0 while learning.
  double judge(std::span<const double> values);
  /// Beyond which it is an anomaly. Machines wander further than they did in a few minutes of learning.
  static constexpr double limit = 5;

 private:
  void settle();

  Mewma chart_;
  std::vector<std::vector<double>> averages_;  ///< of the rows learned from
  double usual_ = 0;
};

}  // namespace fettle::detection
