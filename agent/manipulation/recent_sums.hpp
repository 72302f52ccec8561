#pragma once

#include "core/state.hpp"
#include "core/time.hpp"

#include <array>
#include <cstdint>

namespace fettle::manipulation {

/// What happened within a sliding window, in steps of a twenty-fourth of it.
class RecentSums {
 public:
  struct Sums {
    std::uint32_t events = 0;
    Duration on{};     ///< the machine ran
    Duration known{};  ///< it is known whether it did
  };

  explicit RecentSums(Duration window) : step_{window / slots} {}

  void add(Time time, const Sums& more);
  Sums sums() const;
  /// True if it is known for at least half of the window.
  bool ample() const { return sums().known * 2 >= step_ * slots; }

  void save(StateWriter& writer) const;
  /// False if that was never saved.
  bool restore(StateReader& reader);

 private:
  static constexpr std::int64_t slots = 24;

  Sums& at(std::int64_t number) { return sums_.at(static_cast<std::size_t>(((number % slots) + slots) % slots)); }

  Duration step_;
  std::int64_t newest_ = 0;  ///< number of the step, from 1970 on
  std::array<Sums, slots> sums_{};
};

}  // namespace fettle::manipulation
