#include "detection/martingale.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fettle::detection {
namespace {

/// Gamblers of different courage, with a quarter of the stake each: the mean of e p^(e-1), whose expectation is 1 for a uniform p.
constexpr std::array<double, 4> courages{0.1, 0.3, 0.5, 0.7};
constexpr double most_at_once = 1.5;  // log10 of what one bet may win

}  // namespace

void Martingale::bet(double p) {
  if (!(p > 0 && p <= 1)) return;
  double won = 0;
  for (const double courage : courages) won += courage * std::pow(p, courage - 1);
  won /= static_cast<double>(courages.size());
  wealth_ = std::clamp(wealth_ + std::min(most_at_once, std::log10(won)), 0.0, most_);
}

double Martingale::limit(double bets, double alarms) { return std::log10(std::max(1.0, bets / alarms)); }

bool Martingale::restore(StateReader& reader) {
  double wealth = 0;
  reader.get(wealth);
  if (!reader.ok() || !std::isfinite(wealth) || wealth < 0) return false;
  wealth_ = std::min(wealth, most_);
  return true;
}

}  // namespace fettle::detection
