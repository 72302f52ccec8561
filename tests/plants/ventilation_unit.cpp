#include "plants/ventilation_unit.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double set_point = 18;      ///< degC of the supply air
constexpr double least_damper = 0.4;  ///< for the people's fresh air
constexpr double heating_rise = 24;   ///< K, of a sound coil behind an open valve
constexpr double cooling_drop = 14;
constexpr double fan_rise = 1;
constexpr double stuck_damper = 0.9;

constexpr double trip_vibration = 7.1;  ///< mm/s
constexpr double bearable_leak = 2.5;   ///< K, more than sensors can be off
constexpr double bearable_error = 2;    ///< K, for an hour
constexpr double bearable_drift = 5;    ///< K

}  // namespace

VentilationUnit::VentilationUnit(std::uint64_t seed, const std::optional<Fault>& fault)
    : handler_{seed, std::nullopt, fault}, noise_{seed * 31 + 7}, damage_{fault, seed} {}

double VentilationUnit::vibration() const { return handler_.speed() * (1.5 + 7 * damage_.of("fan-bearing-wear")); }

void VentilationUnit::step(const Surroundings& around, Duration span) {
  handler_.step(around, span);
  damage_.grow(around.time, span);
  const double warm = 22.4 + 0.8 * around.occupancy + 0.05 * (around.outdoor_temperature - 15);
  return_ += (warm - return_) * approach_of(span, minutes{30});
  if (handler_.speed() > 0.1) {
    treat(around, span);
  } else {
    rest(span);
  }
  if (fails()) damage_.fail(around.time);
  measure(around);
}

void VentilationUnit::treat(const Surroundings& around, Duration span) {
  const double outdoor = around.outdoor_temperature;
  sequence_ = std::clamp(sequence_ + 0.006 * (supply_ - set_point), -1.0, 2.0);
  heating_ = std::clamp(-sequence_, 0.0, 1.0);
  cooling_ = std::clamp(sequence_ - 1, 0.0, 1.0);
  const double opening = outdoor < return_ ? std::clamp(sequence_, 0.0, 1.0) : 0;
  damper_ = least_damper + (1 - least_damper) * opening;
  const double real_damper = damage_.of("outdoor-damper-stuck") > 0 ? stuck_damper : damper_;
  mixed_ += (return_ + real_damper * (outdoor - return_) - mixed_) * approach_of(span, minutes{2});
  const double heating_coil = 1 - 0.9 * std::min(1.0, damage_.of("heating-coil-capacity"));
  const double cooling_coil = 1 - 0.9 * std::min(1.0, damage_.of("cooling-coil-capacity"));
  const double heat = heating_rise * heating_ * heating_coil + 3 * damage_.of("heating-valve-leak") * (1 - heating_);
  const double cold = cooling_drop * cooling_ * cooling_coil + 3 * damage_.of("cooling-valve-leak") * (1 - cooling_);
  supply_ += (mixed_ + heat - cold + fan_rise - supply_) * approach_of(span, minutes{3});
  off_set_point_ += (supply_ - set_point - off_set_point_) * approach_of(span, std::chrono::hours{1});
}

/// Standing air takes the temperature of the room, or of a coil that is not shut.
void VentilationUnit::rest(Duration span) {
  heating_ = cooling_ = damper_ = 0;
  const double coil =
      15 * std::min(1.0, damage_.of("heating-valve-leak")) - 12 * std::min(1.0, damage_.of("cooling-valve-leak"));
  supply_ += (return_ + coil - supply_) * approach_of(span, minutes{40});
  mixed_ += (return_ - mixed_) * approach_of(span, minutes{60});
}

bool VentilationUnit::fails() const {
  const double leak = 3 * std::max(damage_.of("heating-valve-leak"), damage_.of("cooling-valve-leak"));
  const bool too_warm = damage_.of("cooling-coil-capacity") > 0 && off_set_point_ >= bearable_error;
  const bool too_cold = damage_.of("heating-coil-capacity") > 0 && off_set_point_ <= -bearable_error;
  return leak >= bearable_leak || too_warm || too_cold || vibration() >= trip_vibration ||
         6 * damage_.of("air-temperature-sensor") >= bearable_drift;
}

void VentilationUnit::measure(const Surroundings& around) {
  const double drifted = 6 * damage_.of("air-temperature-sensor");
  shown_mixed_ = quantised(mixed_ + drifted + noise_.normal(0.15), 0.1);
  shown_supply_ = quantised(supply_ + noise_.normal(0.1), 0.1);
  shown_return_ = quantised(return_ + noise_.normal(0.1), 0.1);
  shown_outdoor_ = quantised(around.outdoor_temperature + noise_.normal(0.15), 0.1);
  shown_vibration_ = quantised(std::max(0.0, vibration() * (1 + noise_.normal(0.04)) + 0.05), 0.01);
}

std::vector<Value> VentilationUnit::values() const {
  std::vector<Value> all{{"supply_temperature", shown_supply_},
                         {"mixed_temperature", shown_mixed_},
                         {"return_temperature", shown_return_},
                         {"outdoor_temperature", shown_outdoor_},
                         {"supply_setpoint", set_point},
                         {"heating_command", quantised(heating_, 0.01)},
                         {"cooling_command", quantised(cooling_, 0.01)},
                         {"damper_command", quantised(damper_, 0.01)},
                         {"vibration", shown_vibration_}};
  const auto fan = handler_.values();
  std::copy_if(fan.begin(), fan.end(), std::back_inserter(all), [](const Value& each) {
    return each.point == "fan_power" || each.point == "fan_speed" || each.point == "filter_dp";
  });
  return all;
}

Truth VentilationUnit::truth() const {
  const auto fan = handler_.truth();
  return fan.failed_at ? fan : damage_.truth();
}

}  // namespace fettle::plants
