#include "plants/air_handler.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double duct_resistance = 500;  ///< Pa at the design air flow: ducts, coils, silencers
constexpr double recommended_final_drop = 250;
constexpr double fan_rated_power = 5.5;
constexpr double standby_power = 0.06;
constexpr double burning_slip = 0.15;  ///< a V-belt that slips more is gone within hours

/// The share of the filter's life that a day at the design air flow in average air uses up.
constexpr double ordinary_loading = 0.0016;
constexpr double loading_beside_a_building_site = 0.098;

/// The share of the design air flow that the building asks for; none outside the running hours.
double flow_asked_for(const Surroundings& around) {
  const Time local = around.time + std::chrono::hours{2};
  const auto hour = std::chrono::floor<std::chrono::hours>(local - std::chrono::floor<Days>(local)).count();
  const std::chrono::weekday day{std::chrono::floor<Days>(local)};
  const bool weekend = day == std::chrono::Saturday || day == std::chrono::Sunday;
  const bool runs = weekend ? hour >= 8 && hour < 18 : hour >= 5 && hour < 21;
  if (!runs) return 0;
  return 0.52 + 0.26 * around.occupancy + 0.006 * std::max(0.0, around.outdoor_temperature - 14);
}

}  // namespace

AirHandler::AirHandler(std::uint64_t seed, FaultStart dust, std::optional<Fault> fault)
    : noise_{seed}, dust_{dust}, damage_{std::move(fault), seed}, clean_resistance_{102 + 10 * noise_.uniform()} {}

double AirHandler::resistance() const {
  const double dust = dust_held_ + 0.8 * damage_.of("filter-clog");
  return clean_resistance_ * (1 + dust + 0.5 * dust * dust);
}

/// What a slipping belt leaves of the motor's speed.
double AirHandler::grip() const { return 1 - burning_slip * damage_.of("fan-belt-slip"); }

double AirHandler::flow_at_full_speed() const {
  return std::sqrt((duct_resistance + clean_resistance_) / (duct_resistance + resistance()));
}

double AirHandler::filter_drop_at_full_speed() const { return resistance() * std::pow(flow_at_full_speed(), 2); }

double AirHandler::final_drop() const { return std::min(2 * clean_resistance_, recommended_final_drop); }

void AirHandler::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  const double asked = flow_asked_for(around);
  const double target =
      asked > 0 ? std::clamp((asked + demand_.value()) / (grip() * flow_at_full_speed()), 0.4, 1.0) : 0;
  speed_ += (target - speed_) * approach_of(span, minutes{3});
  flow_ = speed_ * grip() * flow_at_full_speed();
  load_with_dust(around, span);
  damage_.grow(around.time, span, asked > 0 ? 1.6 : 0);
  const bool burns = damage_.of("fan-belt-slip") >= 1;
  if (!failed_at_ && (burns || filter_drop_at_full_speed() >= final_drop())) failed_at_ = around.time;
  measure(around);
}

void AirHandler::load_with_dust(const Surroundings& around, Duration span) {
  const double rate = has_begun(dust_, around.time) ? loading_beside_a_building_site : ordinary_loading;
  dust_held_ += rate * around.dust * flow_ * in_days(span);
}

void AirHandler::measure(const Surroundings& around) {
  const double heat = around.outdoor_temperature - 18;
  const double full_power = fan_rated_power * 0.82 * grip() * grip();
  fan_power_ = quantised(standby_power + full_power * std::pow(speed_, 3) * (1 + noise_.normal(0.012)), 0.01);
  fan_speed_ = quantised(std::max(0.0, speed_ + (speed_ > 0.05 ? noise_.normal(0.003) : 0)), 0.001);
  // A pleated filter is not quite turbulent: a small part of its drop grows with the flow alone.
  const double drop = resistance() * (0.06 * flow_ + 0.94 * flow_ * flow_);
  filter_dp_ = quantised(std::max(0.0, drop * (1 + noise_.normal(0.02)) + noise_.normal(1.2)), 1);
  supply_temperature_ += ((speed_ > 0.2 ? 18 : 22) - supply_temperature_) * 0.1 + noise_.normal(0.05);
  return_temperature_ += (22.5 + 0.05 * heat + around.occupancy - return_temperature_) * 0.03 + noise_.normal(0.03);
  outdoor_temperature_ = around.outdoor_temperature + noise_.normal(0.1);
}

std::vector<Value> AirHandler::values() const {
  return {{"fan_power", fan_power_},
          {"fan_speed", fan_speed_},
          {"filter_dp", filter_dp_},
          {"supply_temperature", quantised(supply_temperature_, 0.1)},
          {"return_temperature", quantised(return_temperature_, 0.1)},
          {"outdoor_temperature", quantised(outdoor_temperature_, 0.1)}};
}

Truth AirHandler::truth() const {
  const double drop = filter_drop_at_full_speed();
  const double condition = failed_at_ ? 1 : (drop - clean_resistance_) / (final_drop() - clean_resistance_);
  return {std::clamp(condition, 0.0, 1.0), failed_at_, "filter pressure drop at full speed", "Pa", drop, final_drop()};
}

}  // namespace fettle::plants
