#pragma once

#include "core/state.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace fettle::detection {

/// Says how unusual a measure of strangeness is among all that came before: its conformal rank, on a histogram whose bins grow with the
/// measure (four an octave). It assumes nothing of the distribution, and cannot claim more than it has seen: of N values at most
/// log10(2 N + 2), but for one that is larger than all of them. The bins lie around the first values, 24 octaves wide.
class Calibrator {
 public:
  /// Half a year of minutes.
  static constexpr std::uint32_t long_memory = 1U << 18U;

  /// Whenever it knows `memory` values, all of them count half from then on.
  explicit Calibrator(std::uint32_t memory = long_memory) : memory_{memory} {}

  /// How unusual `strangeness` (0 or more) is, as -log10 of its p value; 0 until enough was seen. Then learns it.
  double rank(double strangeness);
  /// The same without learning it.
  double evidence_of(double strangeness) const;

  /// The share of what came before, and of this one itself, that is as strange: a p value, never too small. 1 until enough was seen.
  double share_as_strange(double strangeness) const;
  void learn(double strangeness);

  /// Of the latest value: how many of so many that came before were as strange as that. The oldest count less in the end.
  double as_strange() const { return as_strange_; }
  double seen() const { return total_; }
  /// True if the latest was stranger than all before.
  bool is_record() const { return is_record_; }

  void save(StateWriter& writer) const;
  /// False if what is read cannot be a calibrator's; it is as before then.
  bool restore(StateReader& reader);

 private:
  static constexpr std::size_t bins = 96, block = 16, sums = std::bit_ceil(bins / block), first_values = 30;

  static int quarter_of(double strangeness);
  std::size_t bin_of(double strangeness) const;
  std::uint32_t from(std::size_t bin) const;
  double evidence_by(double as_strange, double strangeness) const;
  void count(double strangeness);
  void count_in(std::size_t bin);
  void place_bins();
  void sum_up();

  std::uint32_t memory_;
  std::array<std::uint32_t, bins> counts_{};
  std::array<std::uint32_t, sums> blocks_{};        ///< sums of sixteen counts each, and two that stay 0
  std::array<std::int16_t, first_values> first_{};  ///< where the first values lie
  std::int16_t lowest_ = 0;                         ///< of the bins
  std::uint32_t total_ = 0;
  double largest_ = 0;
  double as_strange_ = 0;
  bool is_record_ = false;
};

}  // namespace fettle::detection
