#include "manipulation/scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fettle::manipulation {
namespace {

constexpr double tolerance = 0.04;
constexpr double square_root_of_3 = 1.7320508075688772;

constexpr std::array<ScaleFault, 11> faults{{
    {-1, "the negative of", "is a current transformer reversed?"},
    {1000, "1000 times", "is one in W and the other in kW?"},
    {1.0 / 1000, "a thousandth of", "is one in kW and the other in W?"},
    {3.6, "3.6 times", "is one in MJ or m3/h and the other in kWh or l/s?"},
    {1 / 3.6, "1/3.6 of", "is one in kWh or l/s and the other in MJ or m3/h?"},
    {3, "3 times", "is one phase taken for all three?"},
    {1.0 / 3, "a third of", "are two phases missing, or their current transformers?"},
    {2.0 / 3, "two thirds of", "is a phase missing, or its current transformer?"},
    {square_root_of_3, "1.73 times", "are voltages between phases and to neutral mixed up?"},
    {1 / square_root_of_3, "1/1.73 of", "are voltages between phases and to neutral mixed up?"},
    {10, "10 times", "is a decimal place or the ratio of a transformer wrong?"},
}};

}  // namespace

std::optional<ScaleFault> scale_fault(double number, double expected) {
  if (!std::isfinite(number) || !std::isfinite(expected) || expected == 0) return std::nullopt;
  const auto ratio = number / expected;
  const auto* fault = std::find_if(faults.begin(), faults.end(), [ratio](const ScaleFault& each) {
    return std::abs(ratio / each.factor - 1) <= tolerance;
  });
  return fault == faults.end() ? std::nullopt : std::optional{*fault};
}

bool looks_like_fahrenheit(double celsius, double highest) {
  constexpr double offset = 32, degree = 1.8, coldest = -30;
  const auto converted = (celsius - offset) / degree;
  return celsius > highest && converted >= coldest && converted <= highest;
}

}  // namespace fettle::manipulation
