#include "plants/panel.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

namespace fettle::plants {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr double rated_current = 63;
constexpr double nominal_voltage = 230;
constexpr double cable_drop = 2.5;       ///< V at full load
constexpr double capacitor = 7.5;        ///< kvar
constexpr double reactive_share = 0.55;  ///< of the power, before the capacitor
constexpr double usual_third = 0.12;     ///< third harmonic of the current

constexpr double bearable_excess = 15;  ///< K at full load: NETA, to be repaired at once
constexpr double bearable_drop = 3;     ///< V at full load: 190 W in one joint
constexpr double tripping_heat = 1.21;  ///< a breaker holds 105 % and trips at 130 % of its rating
constexpr double bearable_distortion = 0.08;
constexpr Duration repair{hours{2}};  ///< until somebody has switched on again

const std::array<std::complex<double>, 3> directions{std::polar(1.0, 0.0), std::polar(1.0, -2.0943951),
                                                     std::polar(1.0, 2.0943951)};

}  // namespace

Panel::Panel(std::uint64_t seed, std::optional<Fault> fault)
    : noise_{seed}, damage_{std::move(fault), seed}, terminal_rise_{24 + 12 * noise_.uniform()} {
  for (auto& share : shares_) share = 0.8 + 0.4 * noise_.uniform();
  for (auto& error : meter_error_) error = 1 + noise_.normal(0.001);
}

void Panel::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  network_.step(noise_, span);
  harmonics_.step(noise_, span);
  damage_.grow(around.time, span);
  carry(around, span);
  feed(span);
  warm(around, span);
  wear(around, span);
}

void Panel::carry(const Surroundings& around, Duration span) {
  tripped_for_ = std::max(Duration{0}, tripped_for_ - span);
  const double growth = 1 + 0.75 * damage_.of("overload");
  mean_load_ = tripped_for_ > Duration{0} ? 0 : (0.24 + 0.33 * around.occupancy) * (1 + demand_.value()) * growth;
  std::complex<double> unbalance;
  for (std::size_t phase = 0; phase < currents_.size(); ++phase) {
    whims_.at(phase).step(noise_, span);
    const double load = mean_load_ * shares_.at(phase) * std::max(0.2, 1 + whims_.at(phase).value());
    currents_.at(phase) = rated_current * load * (1 + noise_.normal(0.01));
    unbalance += currents_.at(phase) * directions.at(phase);
  }
  // Third harmonics of the three phases add up.
  const double third = usual_third + 0.24 * damage_.of("neutral-overload");
  neutral_ = std::hypot(std::abs(unbalance), 3 * third * rated_current * mean_load_);
}

/// Without its neutral the star point of the loads floats to where their currents are in balance.
void Panel::feed(Duration span) {
  std::complex<double> star;
  const bool is_open = damage_.of("open-neutral") > 0;
  const double all = std::max(1e-3, currents_[0] + currents_[1] + currents_[2]);
  for (std::size_t phase = 0; phase < shares_.size(); ++phase) {
    supply_.at(phase) = nominal_voltage + 2 + network_.value() - mean_load_ + noise_.normal(0.2);
    if (is_open) star += supply_.at(phase) * directions.at(phase) * currents_.at(phase) / all;
  }
  for (std::size_t phase = 0; phase < shares_.size(); ++phase) {
    const double joint = phase == 0 ? bearable_drop * damage_.of("joint-resistance") : 0;
    const double lost = (cable_drop + joint) * currents_.at(phase) / rated_current;
    voltages_.at(phase) = std::abs(supply_.at(phase) * directions.at(phase) - star) - lost;
    const double distorted = 0.022 + 0.01 * mean_load_ + harmonics_.value() + 0.06 * damage_.of("voltage-distortion");
    distortion_.at(phase) = std::max(0.0, distorted * meter_error_.at(phase) + noise_.normal(0.001));
  }
  day_distortion_ += (distortion_[0] - day_distortion_) * approach_of(span, hours{12});
}

void Panel::warm(const Surroundings& around, Duration span) {
  for (std::size_t phase = 0; phase < terminals_.size(); ++phase) {
    const double load = currents_.at(phase) / rated_current;
    const double loose = phase == 1 ? bearable_excess * damage_.of("loose-terminal") : 0;
    const double target = around.room_temperature + 6 + (terminal_rise_ + loose) * load * load;
    terminals_.at(phase) += (target - terminals_.at(phase)) * approach_of(span, minutes{20});
  }
}

void Panel::wear(const Surroundings& around, Duration span) {
  const double highest = *std::max_element(currents_.begin(), currents_.end()) / rated_current;
  breaker_heat_ += (highest * highest - breaker_heat_) * approach_of(span, minutes{30});
  if (mean_load_ > 0)
    day_neutral_ += (neutral_ / (rated_current * mean_load_) - day_neutral_) * approach_of(span, hours{12});
  if (damage_.of("repeated-trips") > 0) {
    until_trip_ -= span;
    if (until_trip_ <= Duration{0}) {
      tripped_for_ = repair;
      until_trip_ = Days{3} + std::chrono::duration_cast<Duration>(Days{4} * noise_.uniform());
    }
  }
  if (breaker_heat_ >= tripping_heat) tripped_for_ = repair;
  const bool fails = breaker_heat_ >= tripping_heat || damage_.of("loose-terminal") >= 1 ||
                     damage_.of("joint-resistance") >= 1 || day_neutral_ >= 1 || day_distortion_ >= bearable_distortion;
  if (fails) damage_.fail(around.time);
}

std::vector<Value> Panel::values() const {
  static constexpr std::array currents{"current_1", "current_2", "current_3"};
  static constexpr std::array voltages{"voltage_1", "voltage_2", "voltage_3"};
  static constexpr std::array supplies{"supply_voltage_1", "supply_voltage_2", "supply_voltage_3"};
  static constexpr std::array terminals{"terminal_temperature_1", "terminal_temperature_2", "terminal_temperature_3"};
  static constexpr std::array distortions{"voltage_distortion_1", "voltage_distortion_2", "voltage_distortion_3"};
  std::vector<Value> values;
  double power = 0;
  for (std::size_t phase = 0; phase < currents_.size(); ++phase) {
    values.push_back({currents.at(phase), quantised(currents_.at(phase), 0.01)});
    values.push_back({voltages.at(phase), quantised(voltages_.at(phase) * meter_error_.at(phase), 0.1)});
    values.push_back({supplies.at(phase), quantised(supply_.at(phase), 0.1)});
    values.push_back({terminals.at(phase), quantised(terminals_.at(phase), 0.1)});
    values.push_back({distortions.at(phase), quantised(distortion_.at(phase), 0.001)});
    power += currents_.at(phase) * voltages_.at(phase) / 1000 * std::cos(std::atan(reactive_share));
  }
  const bool has_capacitor = damage_.of("power-factor") == 0 && power > 0;
  values.push_back({"neutral_current", quantised(neutral_, 0.01)});
  values.push_back({"tripped", tripped_for_ > Duration{0} ? 1.0 : 0.0});
  values.push_back({"power", quantised(power, 0.01)});
  values.push_back({"reactive_power", quantised(reactive_share * power - (has_capacitor ? capacitor : 0), 0.01)});
  return values;
}

}  // namespace fettle::plants
