#pragma once

#include "advisory/system_case.hpp"

#include <string>
#include <vector>

namespace fettle::advisory {

/// Keeps a flood of small alerts from the back office (contract.md 6.3): beyond so many new ones an hour, further `minor` and `warning`
/// ones wait, and one `system` alert says which. What waits is kept in its latest revision, is let go when the rate allows or at once
/// when it becomes worse; while it is cleared it stays where it is, and if it is closed nobody ever hears of it. What was let go once
/// passes always.
class FloodGate {
 public:
  /// `facts` are of the slot gateway/alert-flood.
  FloodGate(SlotFacts facts, int new_alerts_per_hour);

  /// Takes in what the pipeline and the self watch have to say; gives back what may be published.
  std::vector<Alert> admit(Time now, std::vector<Alert> alerts);
  /// Time has passed: what the rate allows by now, and news of the flood itself.
  std::vector<Alert> tick(Time now);

  /// Goes on with what another gate has let go and holds back.
  void take_over(const FloodGate& other) {
    passed_ = other.passed_;
    held_ = other.held_;
  }

  /// The latest revisions of those that wait.
  const std::vector<Alert>& held() const { return held_; }
  /// Goes on with the alert about the flood after a restart; false if it is another one.
  bool restore(const Alert& alert);
  /// The alert about the flood, to be acknowledged, shelved or closed.
  Episode& episode() { return summary_.episode(); }

 private:
  void forget_before(Time now);
  std::optional<Alert> news(Time now);

  SystemCase summary_;
  std::size_t limit_;
  std::vector<Time> passed_;  ///< new alerts of the last hour
  std::vector<Alert> held_;   ///< in the order in which they came
};

}  // namespace fettle::advisory
