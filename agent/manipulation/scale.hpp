#pragma once

#include <optional>
#include <string_view>

namespace fettle::manipulation {

/// A factor that units, transformers or wiring put between a number and the right one.
struct ScaleFault {
  double factor = 1;
  std::string_view times;  ///< "a third of", as a person would say it
  std::string_view cause;  ///< "is a phase missing?"
};

/// What is probably wrong with a number for which others let expect another one; nothing if the two agree, or differ by a factor that
/// machines make.
std::optional<ScaleFault> scale_fault(double number, double expected);

/// True for a temperature that cannot be where it can be at most so high, and that is a usual one if it is in degrees Fahrenheit.
bool looks_like_fahrenheit(double celsius, double highest);

}  // namespace fettle::manipulation
