#include "plants/fan.hpp"

#include <algorithm>
#include <cmath>

#include "plants/weather.hpp"

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double full_power = 3.2;    ///< kW at the design point
constexpr double drive_power = 0.05;  ///< kW, also when it stands
constexpr double design_pressure = 800;
constexpr double closed_pressure = 1.35;  ///< against a closed duct, as a multiple of the design pressure

constexpr double trip_vibration = 4.5;  ///< mm/s, zone boundary C/D up to 15 kW
constexpr double hottest_bearing = 90;  ///< degC, where common grease runs out
constexpr double burning_slip = 0.15;   ///< a V-belt that slips more is gone within hours
constexpr double least_flow = 0.75;     ///< of the design air flow

double wanted_speed(const Surroundings& around) {
  const Time local = building_time(around.time);
  const double hour = hour_of_day(local);
  const bool runs = is_weekend(local) ? hour >= 8 && hour < 18 : hour >= 5 && hour < 21;
  return runs ? 0.55 + 0.3 * around.occupancy : 0;
}

}  // namespace

Fan::Fan(std::uint64_t seed, std::optional<Fault> fault)
    : noise_{seed}, damage_{std::move(fault), seed}, smooth_vibration_{0.7 + 0.3 * noise_.uniform()} {}

/// Where the fan's curve meets the duct's, at any speed.
double Fan::flow_share() const {
  const double resistance = 1 + 1.3 * damage_.of("duct-block");
  return std::sqrt(closed_pressure / (closed_pressure - 1 + resistance));
}

void Fan::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  damage_.grow(around.time, span, speed_ > 0.1 ? 1.6 : 0);
  turn(around, span);
  measure(around);
}

void Fan::turn(const Surroundings& around, Duration span) {
  const double wanted = wanted_speed(around);
  called_ = wanted > 0;
  const bool refuses = damage_.of("start-refused") > 0;
  const double target = called_ && !refuses ? std::clamp(wanted + demand_.value(), 0.4, 1.0) : 0;
  speed_ += (target - speed_) * approach_of(span, minutes{2});
  const double heat = 16 + 75 * damage_.of("bearing-wear");
  bearing_ += (around.room_temperature + heat * speed_ - bearing_) * approach_of(span, minutes{40});
  const double imbalance = 6 * damage_.of("impeller-dirt") * speed_ * speed_;
  true_vibration_ = smooth_vibration_ * (0.5 + 0.5 * speed_) + imbalance + damage_.of("bearing-wear") * speed_;
  const bool fails = (damage_.of("impeller-dirt") > 0 && speed_ > 0.3 && true_vibration_ >= trip_vibration) ||
                     bearing_ >= hottest_bearing || damage_.of("belt-slip") >= 1 || flow_share() < least_flow;
  if (fails) damage_.fail(around.time);
}

void Fan::measure(const Surroundings& around) {
  const double turns = speed_ * (1 - burning_slip * damage_.of("belt-slip"));
  const double flow = flow_share();
  const double air_power = full_power * std::pow(turns, 3) * (0.45 + 0.55 * flow);
  const double slip_loss = turns > 0 ? speed_ / turns : 1;
  power_ = quantised(drive_power + air_power * slip_loss * (1 + noise_.normal(0.012)), 0.01);
  const double pressure = design_pressure * turns * turns * (closed_pressure - (closed_pressure - 1) * flow * flow);
  pressure_ = quantised(std::max(0.0, pressure * (1 + noise_.normal(0.015)) + noise_.normal(2)), 1);
  const double shaking = speed_ > 0.05 ? true_vibration_ * (1 + noise_.normal(0.04)) : 0.05;
  vibration_ = quantised(std::max(0.0, shaking), 0.01);
  shown_bearing_ = quantised(bearing_ + noise_.normal(0.15), 0.1);
  ambient_ = quantised(around.room_temperature + noise_.normal(0.1), 0.1);
}

std::vector<Value> Fan::values() const {
  return {{"power", power_},
          {"speed", quantised(speed_, 0.001)},
          {"pressure_difference", pressure_},
          {"vibration", vibration_},
          {"bearing_temperature", shown_bearing_},
          {"ambient_temperature", ambient_},
          {"command", called_ ? 1.0 : 0.0}};
}

}  // namespace fettle::plants
