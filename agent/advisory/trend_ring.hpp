#pragma once

#include "core/state.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <vector>

namespace fettle::advisory {

/// The course of an indicator in at most 32 equal steps, as it is shown to people. The step doubles whenever the ring is full, up to
/// the longest one; from then on the oldest step falls out. Steps without a reading are NaN.
class TrendRing {
 public:
  TrendRing(Duration step, Duration longest_step) : step_{step}, longest_step_{longest_step} {}

  void add(Time time, double value);

  bool empty() const { return means_.empty(); }
  Time from() const { return first_; }
  Duration step() const { return step_; }
  /// Oldest first.
  std::vector<double> values() const;
  /// Share of the steps with a reading, 0..1.
  double coverage() const;

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  struct Mean {
    double sum = 0;
    std::uint32_t count = 0;
  };
  static constexpr std::size_t capacity = 32;

  void make_room();

  Duration step_, longest_step_;
  Time first_{};
  std::vector<Mean> means_;
};

}  // namespace fettle::advisory
