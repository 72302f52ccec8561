#include "plants/main_meter.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fettle::plants {
namespace {

constexpr double power_factor = 0.95;
constexpr double rated_current = 400;
constexpr std::array<double, 3> shares{1.03, 0.99, 0.98};

}  // namespace

void MainMeter::step(const Surroundings& around, Duration span) {
  grid_.step(noise_, span);
  const double cooling = 3.2 * std::max(0.0, around.outdoor_temperature - 15);
  const double load = 88 + 105 * around.occupancy + cooling;
  double total = 0;
  for (std::size_t n = 0; n < phases_.size(); ++n) {
    auto& phase = phases_.at(n);
    phase.voltage.step(noise_, span);
    phase.current.step(noise_, span);
    phase.shown_current = std::max(0.0, load * shares.at(n) + phase.current.value() + noise_.normal(0.3));
    phase.shown_voltage = 231.5 + grid_.value() + phase.voltage.value() - 0.008 * phase.shown_current;
    phase.power = phase.shown_voltage * phase.shown_current * power_factor / 1000;
    total += phase.power;
  }
  energy_ += total * to_hours(span);
}

std::vector<Value> MainMeter::values() const {
  const auto& [first, second, third] = phases_;
  return {{"v_l1", first.shown_voltage},
          {"v_l2", second.shown_voltage},
          {"v_l3", third.shown_voltage},
          {"i_l1", first.shown_current},
          {"i_l2", second.shown_current},
          {"i_l3", third.shown_current},
          {"p_l1", first.power},
          {"p_l2", second.power},
          {"p_l3", third.power},
          {"p_total", first.power + second.power + third.power},
          {"s_total", (first.power + second.power + third.power) / power_factor},
          {"pf_l1", power_factor},
          {"pf_l2", power_factor},
          {"pf_l3", power_factor},
          {"pf_total", power_factor},
          {"f", quantised(50 + 0.01 * grid_.value(), 0.01)},
          {"e_import", energy_}};
}

Truth MainMeter::truth() const {
  const auto* highest = std::max_element(phases_.begin(), phases_.end(), [](const auto& one, const auto& other) {
    return one.shown_current < other.shown_current;
  });
  return {0, std::nullopt, "highest phase current", "A", highest->shown_current, rated_current};
}

}  // namespace fettle::plants
