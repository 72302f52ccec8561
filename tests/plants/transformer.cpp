#include "plants/transformer.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::plants {
namespace {

using std::chrono::minutes;

constexpr double rated_current = 909;  ///< A
constexpr double full_rise = 50;       ///< K of the oil at full load
constexpr double loss_ratio = 6;       ///< losses by load over losses without
constexpr double oil_exponent = 0.8;

constexpr double trip_temperature = 95;  ///< degC, of the oil thermometer
constexpr double bearable_excess = 10;   ///< K above what a sound one would show, all day: halves its life
constexpr double bearable_unbalance = 0.3;
constexpr double busiest_hour = 0.95;  ///< of the rating

}  // namespace

Transformer::Transformer(std::uint64_t seed, std::optional<Fault> fault)
    : noise_{seed}, damage_{std::move(fault), seed} {
  for (auto& share : shares_) share = 0.97 + 0.06 * noise_.uniform();
}

void Transformer::step(const Surroundings& around, Duration span) {
  demand_.step(noise_, span);
  damage_.grow(around.time, span);
  carry(around, span);
  const double room = around.room_temperature + 3;
  const double load = (currents_[0] + currents_[1] + currents_[2]) / 3 / rated_current;
  const double losses = (1 + loss_ratio * load * load) / (1 + loss_ratio);
  const double rise = full_rise * std::pow(losses, oil_exponent);
  const double added = rise * damage_.of("cooling-loss");
  oil_ += (room + rise + added - oil_) * approach_of(span, minutes{180});
  excess_ += (added - excess_) * approach_of(span, std::chrono::hours{12});
  const double unbalance = *std::max_element(currents_.begin(), currents_.end()) / (load * rated_current) - 1;
  const bool too_small = damage_.of("load-growth") > 0 && hour_ >= busiest_hour;
  if (oil_ >= trip_temperature || excess_ >= bearable_excess || unbalance >= bearable_unbalance || too_small)
    damage_.fail(around.time);
  shown_oil_ = quantised(oil_ + noise_.normal(0.2), 0.5);
  shown_ambient_ = quantised(room + noise_.normal(0.2), 0.1);
}

void Transformer::carry(const Surroundings& around, Duration span) {
  const double cooling = 0.006 * std::max(0.0, around.outdoor_temperature - 16);
  const double growth = 1 + 0.8 * damage_.of("load-growth");
  const double load = (0.3 + 0.32 * around.occupancy + cooling) * (1 + demand_.value()) * growth;
  double mean = 0;
  for (std::size_t phase = 0; phase < currents_.size(); ++phase) {
    const double added = phase == 1 ? 1 + 0.9 * damage_.of("load-unbalance") : 1;
    currents_.at(phase) = rated_current * load * shares_.at(phase) * added * (1 + noise_.normal(0.006));
    mean += currents_.at(phase) / 3;
  }
  // What the phases do not balance, and the third harmonic of electronic loads.
  const auto [least, most] = std::minmax_element(currents_.begin(), currents_.end());
  neutral_ = std::hypot(*most - *least, 0.18 * mean);
  hour_ += (*most / rated_current - hour_) * approach_of(span, minutes{30});
}

std::vector<Value> Transformer::values() const {
  return {{"current_1", quantised(currents_[0], 0.1)},
          {"current_2", quantised(currents_[1], 0.1)},
          {"current_3", quantised(currents_[2], 0.1)},
          {"neutral_current", quantised(neutral_, 0.1)},
          {"oil_temperature", shown_oil_},
          {"ambient_temperature", shown_ambient_}};
}

}  // namespace fettle::plants
