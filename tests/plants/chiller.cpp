#include "plants/chiller.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double rated_cooling = 600;    ///< kW
constexpr double rated_rejection = 720;  ///< kW
constexpr double full_flow = 86;         ///< m3/h of chilled water
constexpr double standby_power = 0.8;    ///< kW

constexpr double kelvin = 273.15;
constexpr double tolerated_fouling = 1.5;   ///< K at full load
constexpr double ordinary_growth = 0.0015;  ///< K a day of running
constexpr double untreated_growth = 0.04;   ///< K a day of running, when it begins
constexpr double water_heat = 1.163;        ///< kWh per m3 and K

constexpr double longest_evaporator_approach = 1.5;  ///< K at full load above clean
constexpr double bearable_power = 1.15;              ///< for the same cooling at the same lift
constexpr double trip_vibration = 11.2;              ///< mm/s, zone boundary C/D of large machines
constexpr double bearable_flow = 2.0;                ///< of the chilled water, as a multiple of the design

/// A screw compressor wastes more at part load.
double carnot_share(double load) { return 0.38 + 0.14 * load; }

double cooling_load(const Surroundings& around) {
  return 0.27 + 0.28 * around.occupancy + 0.027 * std::max(0.0, around.outdoor_temperature - 14);
}

}  // namespace

Chiller::Chiller(std::uint64_t seed, FaultStart untreated, std::optional<Fault> fault)
    : noise_{seed},
      compressor_noise_{seed * 31 + 7},
      untreated_{untreated},
      damage_{std::move(fault), seed},
      clean_approach_{1.9 + 0.2 * noise_.uniform()} {}

/// What worn valves and a low charge leave of its efficiency.
double Chiller::sound_share() const { return 1 - 0.2 * std::min(2.0, damage_.of("efficiency-loss")); }

double Chiller::approach_at_full_load() const {
  return clean_approach_ + fouling_ + 1.7 * damage_.of("condenser-fouling");
}

void Chiller::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  const double load = std::clamp(cooling_load(around) + demand_.value(), 0.0, 1.0);
  if (failed_at_ && load > 0.7) tripped_ = true;
  // The storage carries the building below this; without the gap it would cycle.
  if (load > 0.34) runs_ = true;
  if (load < 0.27) runs_ = false;
  if (tripped_) runs_ = false;
  follow(runs_ ? load : 0, around, span);
  if (runs_) foul(around, span);
  measure();
  measure_compressor();
}

void Chiller::follow(double load, const Surroundings& around, Duration span) {
  cooling_ += (load * rated_cooling - cooling_) * approach_of(span, minutes{8});
  const double entering = std::max(24.0, around.wet_bulb + 4);
  evaporator_approach_ = (2.2 + 2 * damage_.of("evaporator-fouling")) * load;
  const double evaporating = 7 - evaporator_approach_;
  const double efficiency =
      carnot_share(load) * sound_share() * (kelvin + evaporating) / std::max(12.0, condensing_ - evaporating);
  power_ = standby_power + cooling_ / efficiency;
  const double rejected = (cooling_ + power_) / rated_rejection;
  leaving_ += (entering + 5.5 * rejected - leaving_) * approach_of(span, minutes{6});
  condensing_ = leaving_ + approach_at_full_load() * rejected;
  supply_ += ((runs_ ? 7 : 11) - supply_) * approach_of(span, minutes{15});
}

void Chiller::foul(const Surroundings& around, Duration span) {
  growth_.step(noise_, span);
  // Slime feeds on what is there; warm water scales faster.
  const double untreated = untreated_growth * (1 + 0.8 * fouling_) * (1 + 0.03 * (leaving_ - 29));
  const bool stopped = has_begun(untreated_, around.time);
  const double rate = stopped ? untreated * std::exp(growth_.value() - 0.08) : ordinary_growth;
  fouling_ += rate * in_days(span);
  damage_.grow(around.time, span, 1.3);
  if (!failed_at_ && fails()) failed_at_ = around.time;
}

bool Chiller::fails() const {
  return fouling_ + 1.7 * damage_.of("condenser-fouling") >= tolerated_fouling ||
         2 * damage_.of("evaporator-fouling") >= longest_evaporator_approach || 1 / sound_share() >= bearable_power ||
         1 + 1.4 * damage_.of("low-spread") >= bearable_flow ||
         1.6 + 11 * damage_.of("compressor-unrest") >= trip_vibration;
}

void Chiller::measure() {
  const double share = cooling_ / rated_cooling;
  const double moved = 1 + 1.4 * damage_.of("low-spread");
  const double flow = runs_ ? full_flow * std::max(0.5, share) * moved : 0;
  shown_power_ = quantised(power_ * (1 + noise_.normal(0.006)), 0.1);
  shown_flow_ = quantised(flow * (1 + noise_.normal(0.01)), 0.1);
  shown_supply_ = quantised(supply_ + noise_.normal(0.06), 0.1);
  const double rise = flow > 0 ? cooling_ / (flow * water_heat) : 0;
  shown_return_ = quantised(supply_ + rise + noise_.normal(0.06), 0.1);
  shown_leaving_ = quantised(leaving_ + noise_.normal(0.05), 0.1);
  shown_condensing_ = quantised(condensing_ + noise_.normal(0.05), 0.1);
}

void Chiller::measure_compressor() {
  const double evaporating = runs_ ? supply_ - evaporator_approach_ : 12;
  shown_evaporating_ = quantised(evaporating + compressor_noise_.normal(0.08), 0.1);
  const double shaking = runs_ ? 1.6 + 11 * damage_.of("compressor-unrest") : 0.05;
  shown_vibration_ = quantised(shaking * (1 + compressor_noise_.normal(0.04)), 0.01);
}

std::vector<Value> Chiller::values() const {
  return {{"power", shown_power_},
          {"chilled_supply_temperature", shown_supply_},
          {"chilled_return_temperature", shown_return_},
          {"chilled_flow", shown_flow_},
          {"condenser_leaving_temperature", shown_leaving_},
          {"condensing_temperature", shown_condensing_},
          {"evaporating_temperature", shown_evaporating_},
          {"vibration", shown_vibration_}};
}

Truth Chiller::truth() const {
  const double condition = failed_at_ ? 1 : std::clamp(fouling_ / tolerated_fouling, 0.0, 1.0);
  return {condition,
          failed_at_,
          "condenser approach at full load",
          "K",
          approach_at_full_load(),
          clean_approach_ + tolerated_fouling};
}

}  // namespace fettle::plants
