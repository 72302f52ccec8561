#include "plants/boiler.hpp"

#include <algorithm>
#include <cmath>

#include "plants/weather.hpp"

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double full_heat = 185;      ///< kW
constexpr double full_fuel = 20;       ///< m3/h
constexpr double least_rate = 0.25;    ///< of the burner
constexpr double water_flow = 11;      ///< m3/h
constexpr double water_heat = 1.163;   ///< kWh per m3 and K
constexpr double stored_heat = 2;      ///< kWh per K, of all the water that it heats
constexpr double building_loss = 5.6;  ///< kW per K
constexpr double cold_fill = 150'000;  ///< Pa at 20 degC
constexpr double expansion = 900;      ///< Pa per K

constexpr double spare_flue = 30;      ///< K, where it is to be cleaned
constexpr double igniter_starts = 10;  ///< per hour, all day
constexpr double lockout = 80'000;     ///< Pa, of the pressure switch
constexpr double least_flow = 0.5;     ///< of the design

double wanted_supply(const Surroundings& around) {
  const double hour = hour_of_day(building_time(around.time));
  const double set_back = hour < 5 || hour >= 22 ? 6 : 0;
  return std::clamp(40 + 1.2 * (15 - around.outdoor_temperature) - set_back, 36.0, 78.0);
}

}  // namespace

Boiler::Boiler(std::uint64_t seed, std::optional<Fault> fault) : noise_{seed}, damage_{std::move(fault), seed} {
  water_ += 4 * noise_.uniform();
}

void Boiler::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  damage_.grow(around.time, span);
  scaled_ += 4 * rate_ * in_days(span) / 365;  // what a yearly service takes away
  const double target = wanted_supply(around);
  control(target, span);
  const double warmth = std::clamp((water_ - 20) / (target - 22), 0.0, 1.6);
  const double rooms = building_loss * std::max(0.0, 19 - around.outdoor_temperature);
  heat((rooms * (1 + demand_.value()) + 5 + 4 * around.occupancy) * warmth, span);
  if (fails()) damage_.fail(around.time);
  measure();
}

/// A worn control knows two rates only, and switches at a narrow band.
void Boiler::control(double target, Duration span) {
  const double wear = std::min(1.0, damage_.of("short-cycling"));
  const double band = 5 * (1 - 0.85 * wear);
  const double least = least_rate + 0.6 * wear;
  const double supply = water_ + half_spread_;
  bool starts = false;
  if (flame_) {
    rate_ = std::clamp(rate_ + 0.02 * (target - supply), least, 1.0);
    flame_ = supply < target + band;
  } else {
    off_for_ += span;
    starts = off_for_ >= minutes{3} && supply < target - band;
    flame_ = starts;
    if (starts) rate_ = least;
  }
  if (flame_) off_for_ = {};
  if (!flame_) rate_ = 0;
  const double share = approach_of(span, std::chrono::hours{12});
  starts_per_hour_ += (static_cast<double>(starts) / to_hours(span) - starts_per_hour_) * share;
}

void Boiler::heat(double load, Duration span) {
  const double fire = full_heat * rate_;
  water_ += (fire - load) * to_hours(span) / stored_heat;
  const double flow = water_flow * (1 - 0.6 * std::min(1.0, damage_.of("circulation-loss")));
  half_spread_ += (fire / (water_heat * flow) / 2 - half_spread_) * approach_of(span, minutes{2});
  const double scale = (scaled_ + 45 * damage_.of("exchanger-scaling")) * (0.4 + 0.6 * rate_);
  const double rise = flame_ ? 18 + 44 * rate_ + scale : 5;
  if (flame_) excess_ += (scale - excess_) * approach_of(span, std::chrono::hours{12});
  flue_ += (water_ - half_spread_ + rise - flue_) * approach_of(span, minutes{4});
  pressure_ = cold_fill + expansion * (water_ - 20) - 120'000 * damage_.of("water-loss");
}

bool Boiler::fails() const {
  return excess_ >= spare_flue || starts_per_hour_ >= igniter_starts || pressure_ <= lockout ||
         0.6 * damage_.of("circulation-loss") >= 1 - least_flow;
}

void Boiler::measure() {
  shown_flue_ = quantised(flue_ + noise_.normal(0.6), 0.5);
  shown_supply_ = quantised(water_ + half_spread_ + noise_.normal(0.08), 0.1);
  shown_return_ = quantised(water_ - half_spread_ + noise_.normal(0.08), 0.1);
  shown_pressure_ = quantised(pressure_ + noise_.normal(400), 1'000);
}

std::vector<Value> Boiler::values() const {
  return {{"flame", flame_ ? 1.0 : 0.0},
          {"firing_rate", quantised(rate_, 0.01)},
          {"fuel_flow", quantised(full_fuel * rate_, 0.1)},
          {"flue_temperature", shown_flue_},
          {"supply_temperature", shown_supply_},
          {"return_temperature", shown_return_},
          {"water_pressure", shown_pressure_}};
}

}  // namespace fettle::plants
