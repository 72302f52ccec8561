#pragma once

#include "core/state.hpp"
#include "core/time.hpp"
#include "store/journal.hpp"

#include <vector>

namespace fettle {

/// When which part's learned state is written: as often as flash memory bears it. The small ones all together every 1 to 6 hours; the large
/// ones, of which a site may have a thousand, in turn as there is room for them.
class KeepPlan {
 public:
  /// Everything: what ends now, or may.
  std::vector<store::LearnedState> all(const std::vector<Stateful*>& parts);
  /// What is due that long after the last time.
  std::vector<store::LearnedState> due(const std::vector<Stateful*>& parts, Duration since);
  /// Until the next time.
  Duration period() const { return period_; }

 private:
  void plan(std::size_t small_bytes);

  Duration period_ = std::chrono::hours{1};
  std::size_t turn_ = 0;  ///< which of the large ones is next
};

}  // namespace fettle
