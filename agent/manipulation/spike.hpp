#pragma once

#include "core/state.hpp"
#include "core/time.hpp"
#include "manipulation/point_facts.hpp"

#include <array>
#include <cstdint>

namespace fettle::manipulation {

/// Finds single values far from those before and after them, by how far the point usually moves from its last three values. That a value
/// is alone can be known by the next one only: the first that leaps is doubted, the second there is believed. A point that leaps more often
/// than once in 2,000 readings does so by nature, and is not doubted for it. Pure, and never allocates.
class Spike {
 public:
  /// `interval` is the time since the reading before.
  bool fits(Duration interval, double value, const Nature& nature);
  /// Nothing is known of what comes next; how far it usually moves is.
  void begin_anew() { known_ = doubting_ = 0; }

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  float distance(float value) const;
  float limit(const Nature& nature) const;
  void believe(float value, float moved);
  void learn(float moved, float difference);

  static constexpr float most_credit = 3;

  std::array<float, 3> recent_{};  ///< believed, newest last; floats: a spike is not a matter of digits
  float doubt_ = 0;
  float usual_ = 0;             ///< running median of the differences from one value to the next
  float farthest_ = 0;          ///< move out of the last three values; fades within weeks
  float credit_ = most_credit;  ///< how many more may be doubted for now
  std::uint16_t seen_ = 0;
  std::uint8_t known_ = 0;  ///< of recent_
  std::uint8_t doubting_ = 0;
};

}  // namespace fettle::manipulation
