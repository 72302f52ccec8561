#include "manipulation/rhythm.hpp"

namespace fettle::manipulation {

Duration rhythm_of(Quantity quantity) {
  using namespace std::chrono_literals;
  switch (quantity) {
    case Quantity::acceleration:
    case Quantity::active_power:
    case Quantity::apparent_power:
    case Quantity::current:
    case Quantity::frequency:
    case Quantity::number:
    case Quantity::plane_angle:
    case Quantity::power_factor:
    case Quantity::pressure:
    case Quantity::ratio:
    case Quantity::reactive_power:
    case Quantity::rotational_speed:
    case Quantity::state:
    case Quantity::velocity:
    case Quantity::voltage:
    case Quantity::volume_flow: return 1min;
    case Quantity::temperature:
    case Quantity::temperature_difference: return 5min;
    // Counters are coarse: in less time they count a handful of their steps.
    case Quantity::active_energy:
    case Quantity::apparent_energy:
    case Quantity::count:
    case Quantity::reactive_energy:
    case Quantity::relative_humidity:
    case Quantity::volume: return 15min;
    case Quantity::duration: return 1h;
  }
  return 1min;
}

}  // namespace fettle::manipulation
