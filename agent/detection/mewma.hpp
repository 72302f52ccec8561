#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace fettle::detection {

/// Watches several readings of one machine together: the distance of their moving averages from where they were while all was well, in a
/// measure that knows which of them move together (multivariate EWMA chart, C. A. Lowry et al., 1992). The measure and its limit are
/// learned from the first rows, and stay.
class Mewma {
 public:
  /// Learns from so many rows of so many channels.
  Mewma(std::size_t channels, std::size_t rows_to_learn);
  Mewma(const Mewma&) = delete;
  Mewma& operator=(const Mewma&) = delete;
  ~Mewma();

  /// The distance in multiples of what all but one in a hundred of the rows learned from stayed below; 0 while learning. A channel
  /// without a finite value keeps its average.
  double judge(std::span<const double> values);

  bool is_learning() const;
  /// Beyond which it is an anomaly. Machines wander further than they did in a few minutes of learning.
  static constexpr double limit = 5;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;  ///< so that the library for matrices stays behind this door
};

}  // namespace fettle::detection
