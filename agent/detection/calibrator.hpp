#pragma once

#include "core/state.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fettle::detection {

/// Says how unusual a measure of strangeness is among all that came before: its conformal rank, on a histogram whose bins grow with the
/// measure (four an octave). It assumes nothing of the distribution, and cannot claim more than it has seen: of N values at most
/// log10(2 N + 2), but for one that is larger than all of them.
class Calibrator {
 public:
  /// How unusual `strangeness` (0 or more) is, as -log10 of its p value; 0 until enough was seen. Then learns it.
  double rank(double strangeness);

  /// The share of what came before, and of this one itself, that is as strange: a p value, never too small. 1 until enough was seen.
  double share_as_strange(double strangeness) const;
  void learn(double strangeness);

  /// Of the latest value: how many of so many that came before were as strange as that. The oldest count less after years.
  double as_strange() const { return as_strange_; }
  double seen() const { return total_; }
  /// True if the latest was stranger than all before.
  bool is_record() const { return is_record_; }

  void save(StateWriter& writer) const;
  /// False if what is read cannot be a calibrator's; it is as before then.
  bool restore(StateReader& reader);

 private:
  static constexpr std::size_t bins = 256, block = 16;
  static std::size_t bin_of(double strangeness);
  std::uint32_t from(std::size_t bin) const;
  void count(std::size_t bin);
  void sum_up();

  std::array<std::uint32_t, bins> counts_{};
  std::array<std::uint32_t, bins / block> blocks_{};  ///< sums of sixteen counts each
  std::uint32_t total_ = 0;
  double largest_ = 0;
  double as_strange_ = 0;
  bool is_record_ = false;
};

}  // namespace fettle::detection
