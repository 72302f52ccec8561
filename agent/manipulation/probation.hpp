#pragma once

#include "core/state.hpp"
#include "manipulation/control_chart.hpp"

#include <cstddef>
#include <cstdint>

namespace fettle::manipulation {

struct ProbationSettings {
  double per_day = 24;       ///< intervals
  double trial_days = 14;    ///< predictions of so many days are needed; older ones fade
  double largest_cv = 0.30;  ///< CV(RMSE) of the predictions (ASHRAE Guideline 14)
  double longest_hold =
      60;  ///< days; what has lasted for longer is how the building is used, or the baseline's mistake
};

/// A baseline's probation: judges predictions that were made before their value was learned. It says whether they are good enough to be
/// believed, and how eagerly the baseline may learn: at a tenth of its pace while days have been off in one direction for longer than
/// chance allows, so that neither a step nor a slow fault becomes normal within weeks. After the longest
/// hold it learns again, and has to pass anew.
class Probation {
 public:
  explicit Probation(const ProbationSettings& settings) : settings_{settings} {}

  void judge(double actual, double predicted);
  /// The value as far as it is to be believed: within three times the usual distance from the prediction.
  double believable(double actual, double predicted) const;
  bool passed() const;
  double pace() const { return state_.holding ? slow : 1; }
  double cv() const;
  /// Mean of what was more than predicted, as a share of all (NMBE).
  double bias() const;
  /// The machine was put right: whatever is off is so no more.
  void start_anew();

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  static constexpr double slow = 0.1;
  static constexpr double material = 0.02;

  struct State {
    double count = 0, weight = 0, sum = 0, residuals = 0, squares = 0;  ///< of predictions, fading
    double spread = 0;                                                  ///< mean distance from the prediction
    double day_count = 0, day_residual = 0;
    double above = 0, below = 0;  ///< CUSUMs of days
    double held = 0;              ///< days that they have been too high
    bool holding = false;
  };

  double clipped(double residual, double spreads) const;
  void score(double actual, double residual);
  void watch(double residual);
  void end_day();

  ProbationSettings settings_;
  State state_;
  ControlChart days_{material};
};

}  // namespace fettle::manipulation
