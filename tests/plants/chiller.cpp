#include "plants/chiller.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

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

/// A screw compressor wastes more at part load.
double carnot_share(double load) { return 0.38 + 0.14 * load; }

double cooling_load(const Surroundings& around) {
  return 0.27 + 0.28 * around.occupancy + 0.027 * std::max(0.0, around.outdoor_temperature - 14);
}

}  // namespace

Chiller::Chiller(std::uint64_t seed, FaultStart fault)
    : noise_{seed}, fault_{fault}, clean_approach_{1.9 + 0.2 * noise_.uniform()} {}

double Chiller::approach_at_full_load() const { return clean_approach_ + fouling_; }

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
}

void Chiller::follow(double load, const Surroundings& around, Duration span) {
  cooling_ += (load * rated_cooling - cooling_) * approach_of(span, minutes{8});
  const double entering = std::max(24.0, around.wet_bulb + 4);
  const double evaporating = 7 - 2.2 * load;
  const double efficiency = carnot_share(load) * (kelvin + evaporating) / std::max(12.0, condensing_ - evaporating);
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
  const bool stopped = has_begun(fault_, around.time);
  const double rate = stopped ? untreated * std::exp(growth_.value() - 0.08) : ordinary_growth;
  fouling_ += rate * in_days(span);
  if (!failed_at_ && fouling_ >= tolerated_fouling) failed_at_ = around.time;
}

void Chiller::measure() {
  const double share = cooling_ / rated_cooling;
  const double flow = runs_ ? full_flow * std::max(0.5, share) : 0;
  shown_power_ = quantised(power_ * (1 + noise_.normal(0.006)), 0.1);
  shown_flow_ = quantised(flow * (1 + noise_.normal(0.01)), 0.1);
  shown_supply_ = quantised(supply_ + noise_.normal(0.06), 0.1);
  const double rise = flow > 0 ? cooling_ / (flow * water_heat) : 0;
  shown_return_ = quantised(supply_ + rise + noise_.normal(0.06), 0.1);
  shown_leaving_ = quantised(leaving_ + noise_.normal(0.05), 0.1);
  shown_condensing_ = quantised(condensing_ + noise_.normal(0.05), 0.1);
}

std::vector<Value> Chiller::values() const {
  return {{"power", shown_power_},
          {"chilled_supply_temperature", shown_supply_},
          {"chilled_return_temperature", shown_return_},
          {"chilled_flow", shown_flow_},
          {"condenser_leaving_temperature", shown_leaving_},
          {"condensing_temperature", shown_condensing_}};
}

Truth Chiller::truth() const {
  const double condition = std::clamp(fouling_ / tolerated_fouling, 0.0, 1.0);
  return {condition,
          failed_at_,
          "condenser approach at full load",
          "K",
          approach_at_full_load(),
          clean_approach_ + tolerated_fouling};
}

}  // namespace fettle::plants
