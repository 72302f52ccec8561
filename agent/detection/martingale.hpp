#pragma once

#include "core/state.hpp"

namespace fettle::detection {

/// Bets against "nothing has changed", each time by a p value, and is never in debt (a conformal test martingale that starts again from
/// 1, V. Vovk et al.). As long as nothing has changed and the bets do not depend on each other, it takes c bets on average, or more, until
/// the wealth is c: that is how a limit follows from the false alarms that one is ready to bear. One bet alone wins little, so that no
/// single reading can ever be an alarm.
class Martingale {
 public:
  /// Nothing is won beyond `most` (log10), so that what is over is over soon.
  explicit Martingale(double most) : most_{most} {}

  /// `p` in (0, 1]: how often something as strange as this was seen, or more seldom than that.
  void bet(double p);
  /// log10 of the wealth, 0 or more.
  double wealth() const { return wealth_; }
  void start_anew() { wealth_ = 0; }

  /// The wealth that so many bets reach so often, at most, while nothing has changed.
  static double limit(double bets, double alarms);

  void save(StateWriter& writer) const { writer.put(wealth_); }
  /// False if what is read cannot be a wealth.
  bool restore(StateReader& reader);

 private:
  double most_;
  double wealth_ = 0;
};

}  // namespace fettle::detection
