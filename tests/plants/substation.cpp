#include "plants/substation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "plants/weather.hpp"

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double water_heat = 1.163;       ///< kWh per m3 and K
constexpr double rated_heat = 200;         ///< kW
constexpr double full_primary_flow = 4.2;  ///< m3/h with the valve open
constexpr double secondary_flow = 6.9;     ///< m3/h
constexpr double clean_conductance = 14;   ///< kW/K
constexpr double radiators = 5.3;          ///< kW per K of mean water above the rooms
constexpr double cold_fill = 200'000;      ///< Pa at 20 degC
constexpr double expansion = 900;          ///< Pa per K

constexpr double coldest_supply = 110, coldest_return = 45;  ///< degC, of the network and of the radiators
constexpr double bearable_error = 8;                         ///< K of supply temperature, all day
constexpr double least_flow = 0.6;
constexpr double worst_leak = 0.05;      ///< of the rated heat
constexpr double bearable_swing = 0.27;  ///< of the flow, mean distance from its mean; 0.3 as standard deviation
constexpr double least_pressure = 80'000;

double wanted_supply(const Surroundings& around) {
  const double hour = hour_of_day(building_time(around.time));
  const double set_back = hour < 5 || hour >= 22 ? 7 : 0;
  return std::clamp(20 + 1.57 * (20 - around.outdoor_temperature) - set_back, 28.0, 75.0);
}

/// Heat in kW through a counterflow exchanger (effectiveness by number of transfer units).
double through_plates(double conductance, double hot_flow, double cold_flow, double difference) {
  const double hot = water_heat * std::max(hot_flow, 0.001);
  const double cold = water_heat * std::max(cold_flow, 0.001);
  const double least = std::min(hot, cold);
  const double ratio = std::min(least / std::max(hot, cold), 0.999);
  const double passing = std::exp(-conductance / least * (1 - ratio));
  return (1 - passing) / (1 - ratio * passing) * least * std::max(0.0, difference);
}

}  // namespace

Substation::Substation(std::uint64_t seed, std::optional<Fault> fault)
    : noise_{seed}, damage_{std::move(fault), seed} {}

double Substation::conductance() const { return clean_conductance / (1 + 1.5 * damage_.of("exchanger-fouling")); }

void Substation::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  network_.step(noise_, span);
  const bool leaks = damage_.of("valve-leak") > 0;  // the pump runs on while the exchanger is warm
  damage_.grow(around.time, span, heats_ || leaks ? 1 : 0);
  if (around.outdoor_temperature > 17) heats_ = false;
  if (around.outdoor_temperature < 15) heats_ = true;
  set_point_ = wanted_supply(around);
  network_supply_ = 85 + std::clamp(1.5 * (5 - around.outdoor_temperature), 0.0, 25.0) + network_.value();
  if (damage_.of("valve-stuck") == 0) move_valve(span);
  if ((heats_ || leaks) && damage_.of("heat-loss") == 0) {
    exchange(span);
  } else {
    rest(span);
  }
  if (damage_.of("meter-fault") == 0) energy_ += heat_ * to_hours(span);
  if (heats_) off_set_point_ += (supply_ - set_point_ - off_set_point_) * approach_of(span, std::chrono::hours{12});
  if (fails()) damage_.fail(around.time);
  measure(around);
}

void Substation::move_valve(Duration span) {
  const double wanted = heats_ ? opening_ + 0.004 * (set_point_ - supply_) : 0;
  opening_ = std::clamp(wanted, std::min(0.9, 0.6 * damage_.of("supply-excess")), 1.0);
  constexpr minutes period{24};
  swing_ = std::fmod(swing_ + to_hours(span) / to_hours(period), 1.0);
}

void Substation::exchange(Duration span) {
  const double hunts = 0.4 * damage_.of("hunting") * std::sin(2 * std::numbers::pi * swing_);
  const double strainer = 1 - 0.9 * std::min(1.0, damage_.of("supply-shortfall"));
  const double passing = std::max(std::pow(opening_, 1.6), 0.06 * damage_.of("valve-leak"));
  primary_flow_ = full_primary_flow * strainer * std::clamp(passing * (1 + hunts), 0.0, 1.0);
  follow_swing(span);
  const double flow = secondary_flow * (1 - 0.5 * std::min(1.6, damage_.of("flow-loss")));
  heat_ = through_plates(conductance(), primary_flow_, flow, network_supply_ - return_);
  const double lag = approach_of(span, minutes{3});
  supply_ += (return_ + heat_ / (water_heat * flow) - supply_) * lag;
  if (primary_flow_ > 0.02)
    network_return_ += (network_supply_ - heat_ / (water_heat * primary_flow_) - network_return_) * lag;
  const double given = radiators * std::max(0.0, (supply_ + return_) / 2 - 20) * (1 + demand_.value());
  return_ += (supply_ - given / (water_heat * flow) - return_) * approach_of(span, minutes{15});
}

/// By its mean of an hour, as a mean of twelve.
void Substation::follow_swing(Duration span) {
  mean_flow_ += (primary_flow_ - mean_flow_) * approach_of(span, std::chrono::hours{1});
  const double off = mean_flow_ > 0.05 ? std::abs(primary_flow_ / mean_flow_ - 1) : 0;
  swung_ += (off - swung_) * approach_of(span, std::chrono::hours{12});
}

/// Water that stands takes the temperature of the cellar.
void Substation::rest(Duration span) {
  primary_flow_ = 0;
  heat_ = 0;
  const double cooling = approach_of(span, std::chrono::hours{4});
  for (auto* each : {&supply_, &return_, &network_return_}) *each += (24 - *each) * cooling;
}

bool Substation::fails() const {
  const double on_the_coldest_day =
      through_plates(conductance(), full_primary_flow, secondary_flow, coldest_supply - coldest_return);
  const double leak = 0.06 * damage_.of("valve-leak") * full_primary_flow * water_heat * (network_supply_ - return_);
  const bool by_water = cold_fill - 150'000 * damage_.of("water-loss") + expansion * (supply_ - 20) <= least_pressure;
  return on_the_coldest_day < rated_heat || std::abs(off_set_point_) >= bearable_error || by_water ||
         0.5 * damage_.of("flow-loss") >= 1 - least_flow || leak >= worst_leak * rated_heat ||
         (damage_.of("hunting") > 0 && swung_ >= bearable_swing);
}

void Substation::measure(const Surroundings& around) {
  shown_primary_ = quantised(network_supply_ + noise_.normal(0.08), 0.1);
  shown_primary_return_ = quantised(network_return_ + noise_.normal(0.08), 0.1);
  shown_supply_ = quantised(supply_ + noise_.normal(0.08), 0.1);
  shown_return_ = quantised(return_ + noise_.normal(0.08), 0.1);
  shown_outdoor_ = quantised(around.outdoor_temperature + noise_.normal(0.15), 0.1);
  shown_heat_ = quantised(heat_ * (1 + noise_.normal(0.01)), 0.1);
  shown_flow_ = quantised(primary_flow_ * (1 + noise_.normal(0.008)), 0.001);
  const double water = (supply_ + return_) / 2 - 20;
  shown_pressure_ =
      quantised(cold_fill + expansion * water - 150'000 * damage_.of("water-loss") + noise_.normal(400), 1'000);
}

std::vector<Value> Substation::values() const {
  return {{"primary_supply_temperature", shown_primary_},
          {"primary_return_temperature", shown_primary_return_},
          {"supply_temperature", shown_supply_},
          {"return_temperature", shown_return_},
          {"supply_setpoint", quantised(set_point_, 0.1)},
          {"outdoor_temperature", shown_outdoor_},
          {"heat_power", shown_heat_},
          {"flow", shown_flow_},
          {"heat_energy", quantised(energy_, 1)},
          {"valve_position", quantised(opening_, 0.001)},
          {"water_pressure", shown_pressure_}};
}

}  // namespace fettle::plants
