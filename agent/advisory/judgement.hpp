#pragma once

#include "advisory/slot.hpp"
#include "advisory/trust.hpp"

namespace fettle::advisory {

/// What one update of an indicator says, taken alone.
enum class Sign {
  quiet,      ///< back where it belongs
  unclear,    ///< neither quiet nor enough for an alert
  raised,     ///< beyond the warning limit, significantly, but without a trend to the limit
  certain,    ///< beyond a limit where the fault is certain, and its consequence is not
  predicted,  ///< the same with a significant trend that reaches the limit within the horizon
  at_limit,   ///< beyond the limit itself
};

Sign read_sign(const ModeHealth& health, const std::optional<Prognosis>& prognosis, Duration horizon,
               const Standing& standing = {});

/// When a technician is needed at the latest: before the earliest likely failure, less the time until the parts are at hand.
Time dispatch_by(Time now, const Prognosis& prognosis, const Advice& advice);

/// 1 today, 2 this week, 3 next visit.
int priority_of(Time now, Time dispatch_by);

/// What else a verdict depends on.
struct Circumstances {
  bool was_predicted = false;  ///< this episode began as a prediction
  bool doubted = false;        ///< Standing::doubted
  bool agreed = false;         ///< another indicator, with sensors of its own, is beyond its warning as well
};

/// The verdict on a sign that has lasted.
Verdict judge(Sign sign, const ModeHealth& health, const std::optional<Prognosis>& prognosis, const SlotFacts& facts,
              const Circumstances& circumstances);

}  // namespace fettle::advisory
