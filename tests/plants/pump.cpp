#include "plants/pump.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double trip_level = 7.1;          ///< mm/s, boundary C/D
constexpr double hydraulic_power = 6.3;     ///< kW at full speed
constexpr double converter_power = 0.12;    ///< kW, also when it stands
constexpr double growth_per_day = 0.128;    ///< of a bearing with a spalled raceway
constexpr double ordinary_growth = 0.0012;  ///< of a sound one
constexpr double first_spall = 0.13;        ///< mm/s that it adds from the first day on

/// It stands on weekend nights, when nobody draws hot water.
bool is_wanted(Time now) {
  const Time local = now + std::chrono::hours{2};
  const std::chrono::weekday day{std::chrono::floor<Days>(local)};
  const auto hour = std::chrono::floor<std::chrono::hours>(local - std::chrono::floor<Days>(local)).count();
  return !(day == std::chrono::Sunday && hour < 5);
}

}  // namespace

Pump::Pump(std::uint64_t seed, FaultStart fault)
    : noise_{seed}, fault_{fault}, smooth_vibration_{1.12 + 0.16 * noise_.uniform()} {}

double Pump::vibration_at(double speed) const {
  const double share = 0.6 + 0.4 * speed;
  return (smooth_vibration_ + wear_) * share;
}

void Pump::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  const bool runs = !failed_at_ && is_wanted(around.time);
  const double wanted = 0.66 + 0.22 * around.occupancy + demand_.value();
  const double target = runs ? std::clamp(wanted, 0.55, 1.0) : 0;
  speed_ += (target - speed_) * approach_of(span, minutes{2});
  const double heat = 14 * speed_ * speed_ + 2.4 * wear_ * speed_;
  bearing_ += (around.room_temperature + heat - bearing_) * approach_of(span, minutes{35});
  if (runs) wear_down(around, span);
  measure(around);
}

void Pump::wear_down(const Surroundings& around, Duration span) {
  const bool worn = has_begun(fault_, around.time);
  if (worn) wear_ = std::max(wear_, first_spall);
  growth_.step(noise_, span);
  const double rate = worn ? growth_per_day * std::exp(growth_.value() - 0.06) : ordinary_growth;
  wear_ *= std::exp(rate * in_days(span));
  if (speed_ > 0.3 && vibration_at(speed_) >= trip_level) failed_at_ = around.time;
}

void Pump::measure(const Surroundings& around) {
  power_ = quantised(converter_power + hydraulic_power * std::pow(speed_, 3) * (1 + noise_.normal(0.01)), 0.01);
  const double shaking = speed_ > 0.05 ? vibration_at(speed_) * (1 + noise_.normal(0.035)) : 0.05;
  vibration_ = quantised(std::max(0.0, shaking), 0.01);
  shown_bearing_ = quantised(bearing_ + noise_.normal(0.15), 0.1);
  ambient_ = quantised(around.room_temperature + noise_.normal(0.1), 0.1);
}

std::vector<Value> Pump::values() const {
  return {{"power", power_},
          {"speed", quantised(speed_, 0.001)},
          {"vibration", vibration_},
          {"bearing_temperature", shown_bearing_},
          {"ambient_temperature", ambient_}};
}

Truth Pump::truth() const {
  const double vibration = smooth_vibration_ + wear_;
  const double condition = failed_at_ ? 1 : std::clamp(wear_ / (trip_level - smooth_vibration_), 0.0, 1.0);
  return {condition, failed_at_, "bearing vibration at full speed", "mm/s", vibration, trip_level};
}

}  // namespace fettle::plants
