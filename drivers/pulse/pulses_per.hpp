#pragma once

#include "core/quantity.hpp"

#include <optional>
#include <string_view>

namespace fettle::pulse {

/// What one pulse is worth.
struct PulseWorth {
  Quantity total = Quantity::count;  ///< what pulses add up to
  double value = 1;                  ///< of one pulse, in the quantity's own unit
};

/// "1000/kWh", "10/m3", "1/l", "64/kvarh"; a number alone counts things. Nothing if it is none of these.
std::optional<PulseWorth> parse_pulses_per(std::string_view text);

/// How fast a total grows, measured in the rate's own unit for one unit of the total a second.
struct Rate {
  Quantity quantity;
  double scale;
};

/// Nothing for what has no rate.
std::optional<Rate> rate_of(Quantity total);

}  // namespace fettle::pulse
