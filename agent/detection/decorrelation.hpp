#pragma once

#include "core/state.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fettle::detection {

/// Measures how long a stream remembers, so that bets can be placed on values that do not depend on each other: values so many apart
/// correlate by less than a fifth.
class Decorrelation {
 public:
  /// The next value of the stream.
  void learn(double value);
  /// To be asked once a value: true if it is far enough from the last one that was picked.
  bool pick();
  /// Values from one that is picked to the next: 1, 2, 4 ... 128.
  std::size_t stride() const;

  void save(StateWriter& writer) const;
  /// False, and as new, if what is read cannot be one's.
  bool restore(StateReader& reader);

 private:
  static constexpr std::size_t lags = 7;  ///< 1, 2, 4 ... 64
  static constexpr std::size_t memory = 1U << (lags - 1);

  struct State {
    std::array<double, memory> ring{};
    std::array<double, lags> products{};  ///< moving means of the product of deviations that far apart
    double mean = 0, square = 0;
    std::uint64_t seen = 0;
    std::uint64_t since = 0;  ///< the last one that was picked
  };

  State state_;
};

}  // namespace fettle::detection
