#include "plants/pump.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double trip_level = 7.1;          ///< mm/s, boundary C/D
constexpr double hydraulic_power = 6.3;     ///< kW at full speed
constexpr double converter_power = 0.12;    ///< kW, also when it stands
constexpr double growth_per_day = 0.128;    ///< of a bearing with a spalled raceway
constexpr double ordinary_growth = 0.0012;  ///< of a sound one
constexpr double first_spall = 0.13;        ///< mm/s that it adds from the first day on

constexpr double rated_flow = 20;       ///< m3/h
constexpr double rated_head = 90'000;   ///< Pa
constexpr double closed_head = 1.3;     ///< against a closed valve, as a multiple of the rated one
constexpr double strainer_share = 0.1;  ///< of the circuit's resistance, while it is clean
constexpr double full_heat = 232;       ///< kW that the circuit takes at most
constexpr double water_heat = 1.163;    ///< kWh per m3 and K
constexpr double least_power = 0.85;    ///< at the same speed; an impeller that is worn further is due for an overhaul
constexpr double full_strainer = 2.5;   ///< drop at the rated flow, as a multiple of the clean one

/// It stands on weekend nights, when nobody draws hot water.
bool is_wanted(Time now) {
  const Time local = now + std::chrono::hours{2};
  const std::chrono::weekday day{std::chrono::floor<Days>(local)};
  const auto hour = std::chrono::floor<std::chrono::hours>(local - std::chrono::floor<Days>(local)).count();
  return !(day == std::chrono::Sunday && hour < 5);
}

}  // namespace

Pump::Pump(std::uint64_t seed, FaultStart spalled, std::optional<Fault> fault)
    : noise_{seed},
      circuit_noise_{seed * 31 + 7},
      spalled_{spalled},
      damage_{std::move(fault), seed},
      smooth_vibration_{1.12 + 0.16 * noise_.uniform()} {}

double Pump::vibration_at(double speed) const {
  const double share = 0.6 + 0.4 * speed;
  return (smooth_vibration_ + wear()) * share;
}

double Pump::head_share() const { return 1 - 0.2 * std::min(2.0, damage_.of("impeller-wear")); }

double Pump::strainer_growth() const { return 1 + 2 * damage_.of("strainer-clog"); }

/// Where the pump's curve meets the circuit's, at any speed.
double Pump::flow_share() const {
  if (damage_.of("dry-running") > 0 || damage_.of("dead-heading") > 0) return 0;
  const double resistance = 1 + strainer_share * (strainer_growth() - 1);
  return std::sqrt(closed_head * head_share() / (closed_head - 1 + resistance));
}

double Pump::power_share() const {
  if (damage_.of("dry-running") > 0) return 0.35;
  return (0.45 + 0.55 * flow_share()) * std::pow(head_share(), 0.9);
}

void Pump::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  draw_.step(circuit_noise_, span);
  const bool runs = !failed_at_ && is_wanted(around.time);
  const double wanted = 0.66 + 0.22 * around.occupancy + demand_.value();
  const double target = runs ? std::clamp(wanted, 0.55, 1.0) : 0;
  speed_ += (target - speed_) * approach_of(span, minutes{2});
  const double heat = 14 * speed_ * speed_ + 2.4 * wear() * speed_;
  bearing_ += (around.room_temperature + heat - bearing_) * approach_of(span, minutes{35});
  if (runs) wear_down(around, span);
  measure(around);
  measure_circuit(around);
}

void Pump::wear_down(const Surroundings& around, Duration span) {
  damage_.grow(around.time, span);
  const bool worn = has_begun(spalled_, around.time);
  if (worn) wear_ = std::max(wear_, first_spall);
  growth_.step(noise_, span);
  const double rate = worn ? growth_per_day * std::exp(growth_.value() - 0.06) : ordinary_growth;
  wear_ *= std::exp(rate * in_days(span));
  const bool trips = speed_ > 0.3 && vibration_at(speed_) >= trip_level;
  if (trips) failed_at_ = around.time;
  if (trips || power_share() < least_power || strainer_growth() >= full_strainer) damage_.fail(around.time);
}

void Pump::measure(const Surroundings& around) {
  power_ = quantised(
      converter_power + hydraulic_power * power_share() * std::pow(speed_, 3) * (1 + noise_.normal(0.01)), 0.01);
  const double shaking = speed_ > 0.05 ? vibration_at(speed_) * (1 + noise_.normal(0.035)) : 0.05;
  vibration_ = quantised(std::max(0.0, shaking), 0.01);
  shown_bearing_ = quantised(bearing_ + noise_.normal(0.15), 0.1);
  ambient_ = quantised(around.room_temperature + noise_.normal(0.1), 0.1);
}

void Pump::measure_circuit(const Surroundings& around) {
  const double flow = rated_flow * speed_ * flow_share();
  const double heat = full_heat * std::clamp(0.4 + 0.25 * around.occupancy + draw_.value(), 0.1, 1.0);
  const double spread = flow > 0.5 ? std::min(30.0, heat / (water_heat * flow)) : 0;
  const double share = flow / rated_flow;
  const double curve = closed_head * head_share() * speed_ * speed_ - (closed_head - 1) * share * share;
  const double drop = strainer_share * rated_head * strainer_growth() * share * share;
  shown_flow_ = quantised(flow * (1 + circuit_noise_.normal(0.01)), 0.01);
  head_ = quantised(std::max(0.0, rated_head * curve * (1 + circuit_noise_.normal(0.01))), 100);
  strainer_drop_ = quantised(std::max(0.0, drop * (1 + circuit_noise_.normal(0.02)) + circuit_noise_.normal(30)), 10);
  supply_ = quantised(60 + circuit_noise_.normal(0.1), 0.1);
  return_ = quantised(60 - spread + circuit_noise_.normal(0.1), 0.1);
}

std::vector<Value> Pump::values() const {
  return {{"power", power_},
          {"speed", quantised(speed_, 0.001)},
          {"vibration", vibration_},
          {"bearing_temperature", shown_bearing_},
          {"ambient_temperature", ambient_},
          {"flow", shown_flow_},
          {"pressure_difference", head_},
          {"strainer_pressure_drop", strainer_drop_},
          {"supply_temperature", supply_},
          {"return_temperature", return_}};
}

Truth Pump::truth() const {
  if (damage_.failed_at() && !failed_at_) return damage_.truth();
  const double vibration = smooth_vibration_ + wear();
  const double condition = failed_at_ ? 1 : std::clamp(wear() / (trip_level - smooth_vibration_), 0.0, 1.0);
  return {condition, failed_at_, "bearing vibration at full speed", "mm/s", vibration, trip_level};
}

}  // namespace fettle::plants
