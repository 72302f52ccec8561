#pragma once

#include "core/state.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace fettle::prognosis {

/// A moment in hours, and the health index then.
struct Sample {
  double hours = 0;
  double value = 0;
};

constexpr std::size_t history_depth = 32;

/// Some samples in the order of time, kept where they are used.
struct Samples {
  std::array<Sample, history_depth> storage{};
  std::size_t count = 0;

  void add(Sample sample) { storage.at(count++) = sample; }
  std::span<const Sample> view() const { return std::span{storage}.first(count); }
};

/// The past of one health index on four scales at once, in constant memory. A sample of a scale is the median of four samples
/// of the scale below it, so hours are remembered finely and years coarsely, and a passing outlier only in the finest scale.
class History {
 public:
  static constexpr std::size_t scales = 4;

  /// Seconds since a moment that the owner chose.
  void add(std::int32_t seconds, double value);
  Samples samples(std::size_t scale) const;
  /// The newest samples of the finest scale.
  Samples newest(std::size_t count) const;
  void clear() { *this = History{}; }

  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  struct Stored {
    std::int32_t seconds = 0;
    float value = 0;
  };
  struct Ring {
    std::array<Stored, history_depth> storage{};
    std::uint32_t total = 0;

    std::size_t size() const { return total < history_depth ? total : history_depth; }
    Stored& slot(std::size_t number) { return storage.at(number % history_depth); }
    /// 0 is the newest.
    const Stored& back(std::size_t age) const { return storage.at((total - 1 - age) % history_depth); }
    void push(Stored sample) { slot(total++) = sample; }
  };

  static Stored median_of_newest(const Ring& ring);
  static Samples newest_of(const Ring& ring, std::size_t count);

  std::array<Ring, scales> rings_;
};

}  // namespace fettle::prognosis
