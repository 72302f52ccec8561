#include "plants/heat_pump.hpp"

#include <algorithm>
#include <cmath>

#include "plants/weather.hpp"

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double kelvin = 273.15;
constexpr double full_heat = 15;        ///< kW at 2 degC outdoors
constexpr double water_flow = 2.6;      ///< m3/h
constexpr double water_heat = 1.163;    ///< kWh per m3 and K
constexpr double stored_heat = 1.2;     ///< kWh per K, of the buffer tank and the floors next to it
constexpr double building_loss = 0.42;  ///< kW per K
constexpr double heater_rating = 6;     ///< kW
constexpr double bivalence = -5;        ///< degC
constexpr double frost_time = 80;       ///< minutes of a clean coil at its dampest

constexpr double lost_heat = 0.25, lost_efficiency = 0.2;  ///< where it is due for a visit
constexpr double coil_limit = 2.5;     ///< so many times faster it frosts where it no longer gets free
constexpr double bearable_starts = 6;  ///< per hour, all day

double wanted_supply(const Surroundings& around) {
  return std::clamp(31 + 0.55 * (15 - around.outdoor_temperature), 27.0, 46.0);
}

/// Air at the freezing point is damp, cold air dry.
double dampness(double outdoor) { return std::max(0.0, 1 - std::abs(outdoor - 2) / 13); }

}  // namespace

HeatPump::HeatPump(std::uint64_t seed, std::optional<Fault> fault)
    : noise_{seed},
      damage_{std::move(fault), seed},
      fixed_speed_{seed % 2 == 0},
      quality_{0.43 + 0.04 * noise_.uniform()} {}

void HeatPump::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  damage_.grow(around.time, span);
  const double target = wanted_supply(around);
  control(target, span);
  frost(around, span);
  double heat = compress(around);
  if (damage_.of("reversing-valve") > 0 && !defrosts_) heat *= water_ > 8 ? -0.7 : 0;
  const bool helps = around.outdoor_temperature < bivalence && water_ < target - 2;
  heater_ = helps || damage_.of("auxiliary-heat") > 0 ? heater_rating : 0;
  const double rooms = building_loss * std::max(0.0, 19 - around.outdoor_temperature) * (1 + demand_.value());
  const double warmth = std::clamp((water_ - 20) / (target - 21), 0.0, 1.5);
  const double shut = std::min(1.0, damage_.of("short-cycling"));
  water_ += (heat + heater_ - (rooms + 0.3) * warmth) * to_hours(span) / (stored_heat * (1 - 0.7 * shut));
  half_spread_ += (heat / (water_heat * water_flow) / 2 - half_spread_) * approach_of(span, minutes{2});
  if (fails()) damage_.fail(around.time);
  measure(around);
}

void HeatPump::control(double target, Duration span) {
  const double wear = std::min(1.0, damage_.of("short-cycling"));
  const double band = 2.5 * (1 - 0.9 * wear);
  const double least = fixed_speed_ ? 1 : 0.3 + 0.7 * wear;
  bool starts = false;
  if (on_) {
    speed_ = std::clamp(speed_ + 0.02 * (target - water_), least, 1.0);
    on_ = water_ < target + band;
  } else {
    off_for_ += span;
    starts = off_for_ >= minutes{4} && water_ < target - band;
    on_ = starts;
    if (starts) speed_ = least;
  }
  if (on_) off_for_ = {};
  if (!on_) speed_ = 0;
  const double share = approach_of(span, std::chrono::hours{12});
  starts_per_hour_ += (static_cast<double>(starts) / to_hours(span) - starts_per_hour_) * share;
}

/// Ice grows on a coil that is colder than the freezing point, faster on a dirty one, which is colder too.
void HeatPump::frost(const Surroundings& around, Duration span) {
  const double dirt = damage_.of("defrost-excess");
  const double coil = around.outdoor_temperature - 3 - 5 * speed_ - 4 * dirt;
  if (on_ && coil < -1 && !defrosts_)
    frost_ += dampness(around.outdoor_temperature) * (0.5 + 0.5 * speed_) * (1 + 2.5 * dirt) * to_hours(span) * 60 /
              frost_time;
  if (frost_ >= 1) defrosts_ = true;
  if (!defrosts_) return;
  defrosting_for_ += span;
  if (defrosting_for_ < minutes{6} && on_) return;
  defrosts_ = false;
  defrosting_for_ = {};
  frost_ = 0;
}

/// Takes its power, and gives back its heat.
double HeatPump::compress(const Surroundings& around) {
  constexpr double standby = 0.03;
  power_ = standby;
  if (!on_) return 0;
  if (defrosts_) {
    power_ = 1.8;
    return -4;
  }
  const double leaked = damage_.of("efficiency-loss");
  const double outdoor = around.outdoor_temperature;
  const double evaporating = outdoor - 3 - 5 * speed_ - 4 * damage_.of("defrost-excess") - 2 * frost_;
  const double condensing = water_ + half_spread_ + 1 + 3 * speed_;
  const double lift = std::max(15.0, condensing - evaporating);
  const double heat = full_heat * speed_ * (1 + 0.025 * (outdoor - 2)) * (1 - lost_heat * leaked);
  const double efficiency = quality_ * (1 - lost_efficiency * leaked) * (condensing + kelvin) / lift;
  power_ = heat / efficiency + standby;
  return heat;
}

bool HeatPump::fails() const {
  return damage_.of("efficiency-loss") >= 1 || 1 + 2.5 * damage_.of("defrost-excess") >= coil_limit ||
         starts_per_hour_ >= bearable_starts;
}

void HeatPump::measure(const Surroundings& around) {
  shown_power_ = quantised(power_ * (1 + noise_.normal(0.006)), 0.01);
  shown_supply_ = quantised(water_ + half_spread_ + noise_.normal(0.05), 0.1);
  shown_return_ = quantised(water_ - half_spread_ + noise_.normal(0.05), 0.1);
  shown_source_ = quantised(around.outdoor_temperature + noise_.normal(0.15), 0.1);
  shown_flow_ = quantised(water_flow * (1 + noise_.normal(0.008)), 0.01);
}

std::vector<Value> HeatPump::values() const {
  return {{"power", shown_power_},
          {"supply_temperature", shown_supply_},
          {"return_temperature", shown_return_},
          {"source_temperature", shown_source_},
          {"flow", shown_flow_},
          {"heater_power", heater_},
          {"defrost", defrosts_ ? 1.0 : 0.0},
          {"heating_call", on_ && !defrosts_ ? 1.0 : 0.0}};
}

}  // namespace fettle::plants
