#include "manipulation/probation.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::manipulation {
namespace {

constexpr double largest_bias = 0.10;  ///< NMBE (ASHRAE Guideline 14)
constexpr double few = 30;             ///< predictions, before their spread is known
constexpr double least_spread = 0.01;  ///< of the mean
constexpr double to_sigma = 1.2533;    ///< from the mean distance of normal residuals
constexpr double few_days = 7;         ///< before it is known what is usual
constexpr double hold = 4;             ///< of the CUSUM of days

}  // namespace

double Probation::clipped(double residual, double spreads) const {
  if (state_.count < few) return residual;
  // A point that has stood still says nothing about how it will move.
  const double usual = std::max(to_sigma * state_.spread, least_spread * std::abs(state_.sum / state_.weight));
  const double widest = usual > 0 ? spreads * usual : std::abs(residual);
  return std::clamp(residual, -widest, widest);
}

double Probation::believable(double actual, double predicted) const {
  return predicted + clipped(actual - predicted, 3);
}

void Probation::judge(double actual, double predicted) {
  const double residual = actual - predicted;
  watch(clipped(residual, 10));
  if (state_.holding) return;
  score(predicted + clipped(residual, 10), clipped(residual, 10));
  const double gain = std::max(1 / state_.count, 1 / (settings_.trial_days * settings_.per_day));
  state_.spread += gain * (std::abs(clipped(residual, 10)) - state_.spread);
}

void Probation::score(double actual, double residual) {
  const double keep = std::exp2(-1 / (settings_.trial_days * settings_.per_day));
  for (auto* each : {&state_.weight, &state_.sum, &state_.residuals, &state_.squares}) *each *= keep;
  state_.count += 1;
  state_.weight += 1;
  state_.sum += actual;
  state_.residuals += residual;
  state_.squares += residual * residual;
}

/// What is off is no evidence about how well the baseline predicts what is in order, so nothing of it is scored.
void Probation::watch(double residual) {
  if (!passed()) return;
  state_.day_residual += residual;
  if (++state_.day_count >= settings_.per_day) end_day();
}

void Probation::end_day() {
  const double day = state_.day_residual / state_.day_count;
  state_.day_residual = state_.day_count = 0;
  if (days_.days() >= few_days) {
    state_.above = std::min(days_.added(state_.above, day), 2 * hold);
    state_.below = std::min(days_.added(state_.below, -day), 2 * hold);
  }
  const bool off = std::max(state_.above, state_.below) > hold;
  state_.held = off ? state_.held + 1 : 0;
  state_.holding = off && state_.held <= settings_.longest_hold;
  if (!state_.holding) days_.learn(day, state_.sum / state_.weight);
}

bool Probation::passed() const {
  if (state_.count < settings_.trial_days * settings_.per_day) return false;
  return cv() <= settings_.largest_cv && std::abs(bias()) <= largest_bias;
}

double Probation::cv() const { return std::sqrt(std::max(0.0, state_.squares * state_.weight)) / std::abs(state_.sum); }

double Probation::bias() const { return state_.residuals / state_.sum; }

void Probation::start_anew() {
  state_.above = state_.below = state_.day_residual = state_.day_count = 0;
  state_.held = 0;
  state_.holding = false;
}

void Probation::save(StateWriter& writer) const {
  writer.put(state_);
  days_.save(writer);
}

bool Probation::restore(StateReader& reader) {
  State state;
  reader.get(state);
  const auto sound = [](double each) { return std::isfinite(each); };
  if (!reader.ok() || !sound(state.sum) || !sound(state.residuals) || !sound(state.day_residual)) return false;
  for (const double each : {state.count, state.weight, state.squares, state.spread, state.day_count, state.above,
                            state.below, state.held}) {
    if (!(sound(each) && each >= 0)) return false;
  }
  if (!days_.restore(reader)) return false;
  state_ = state;
  return true;
}

}  // namespace fettle::manipulation
