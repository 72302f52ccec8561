#pragma once

#include "core/state.hpp"
#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace fettle::manipulation {

/// Tells by its power whether a machine runs. What it draws is counted in a histogram of log kW, 1 W to 8 MW; between standstill and
/// running lies the widest gap that hardly a reading falls into. On above half of the gap, off below 30 % of it.
///
/// Two-means over the same histogram would weigh the groups by their size, and so cut a converter's speeds in two instead of finding
/// the rare standstill.
class RunSplit {
 public:
  /// What it draws at full load in kW, if that is known: it tells a machine that never ran from one that never stops.
  explicit RunSplit(double rated = 0) : rated_{rated} {}

  /// Whether it runs with this power; nothing while that is not known.
  std::optional<bool> take(Time time, double power);

  void save(StateWriter& writer) const;
  /// False, and as new, if the blob does not fit.
  bool restore(StateReader& reader);

 private:
  static constexpr std::size_t bins = 128;

  /// From the highest log kW at a standstill to the lowest one of running.
  struct Gap {
    double off = 0, on = 0;
    double width() const { return on - off; }
    double at(double share) const { return off + share * width(); }
  };
  /// Sums over the bins before each bin.
  struct Sums;

  void count(Time time, double level);
  void learn();
  Gap gap_at(std::size_t cut, const Sums& sums) const;
  bool parts(std::size_t cut, const Gap& gap, const Sums& sums) const;
  bool is_blurred(const Gap& gap) const;
  std::optional<Gap> known() const;
  std::optional<std::size_t> top() const;

  double rated_;
  std::array<std::uint16_t, bins> seen_{};
  std::uint32_t total_ = 0;
  std::optional<Gap> gap_;
  std::optional<bool> on_;
  Time first_{}, counted_{};
};

}  // namespace fettle::manipulation
