#pragma once

#include "core/time.hpp"
#include "ledger.hpp"

#include <optional>

namespace fettle {

/// While machines are being connected every alert is a test. The site file or the back office begins it; it ends by itself, after seven
/// days at the latest, and outlives a restart.
class Commissioning {
 public:
  static constexpr Duration longest = Days{7};

  /// Recalls what was begun before.
  explicit Commissioning(Ledger& ledger);

  /// The site file says `mode: commissioning` now, or no more; it counts from the first moment of known time that sees it. Only to be
  /// called with a clock that is right.
  void follow(bool asked_for, Time now);
  /// The clock was set.
  void shift(Duration step);

  bool is_on(Time now) const { return now < until_; }
  Time until() const { return until_; }
  /// Nothing: operational from now on.
  void set(std::optional<Time> until);

 private:
  void keep();

  Ledger& ledger_;
  Time until_{};
};

}  // namespace fettle
