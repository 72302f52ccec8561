#include "advisory/failure_odds.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

namespace fettle::advisory {
namespace {

constexpr double narrowest = 0.01;  ///< of a side, as a logarithm
constexpr double widest = 5;        ///< the lower end may have come down to now while nothing new was known

double side(double from, double to) { return from > 0 ? std::clamp(std::log(to / from), narrowest, widest) : widest; }

}  // namespace

double odds_within(double hours, const TimeToFailure& forecast) {
  if (forecast.mid <= 0) return 1;
  if (hours <= 0) return 0;
  const double deviations = std::numbers::sqrt2 * boost::math::erf_inv(std::clamp(forecast.level, 0.01, 0.99));
  const double lower = side(forecast.low, forecast.mid);
  const double upper = forecast.high ? side(forecast.mid, *forecast.high) : lower;
  const double distance = std::log(hours / forecast.mid);
  const double z = deviations * distance / (distance < 0 ? lower : upper);
  return std::erfc(-z / std::numbers::sqrt2) / 2;
}

void add_odds(TimeToFailure& forecast) {
  constexpr double day = 24;
  forecast.within_7_days = odds_within(7 * day, forecast);
  forecast.within_30_days = odds_within(30 * day, forecast);
}

}  // namespace fettle::advisory
