#include "manipulation/blank.hpp"

#include <cmath>

namespace fettle::manipulation {
namespace {

constexpr double end_of_range = -35;  // nothing in a building is as cold, and transmitters end at -40 or -50
constexpr double far = 3;
constexpr unsigned several = 2;

}  // namespace

void Blank::see(double value, const std::optional<double>& before) {
  if (value != 0 && value > end_of_range) return;
  auto& seen = value == 0 ? zero_ : low_;
  if (seen.in_all == 0) seen.value = value;
  if (seen.value != value) return;
  ++seen.in_all;
  if (!before || std::abs(*before - value) > far) ++seen.from_far;
}

bool Blank::covers(double value) const {
  const auto& seen = value == 0 ? zero_ : low_;
  return seen.value == value && seen.in_all >= several && seen.from_far >= several;
}

}  // namespace fettle::manipulation
