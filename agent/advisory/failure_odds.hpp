#pragma once

#include "core/verdicts.hpp"

namespace fettle::advisory {

/// The probability that the limit is reached within so many hours. The time to it is taken for log-normal on either side of `mid`,
/// each side as wide as the interval says; where that is open above, the upper side is as wide as the lower. So what is
/// published of one forecast never contradicts itself: within `low` hours it is (1 - level) / 2, within `mid` a half.
double odds_within(double hours, const TimeToFailure& forecast);

/// Fills in both published odds.
void add_odds(TimeToFailure& forecast);

}  // namespace fettle::advisory
