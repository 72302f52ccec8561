#include "plants/damage.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fettle::plants {
namespace {

constexpr double worst = 2;
constexpr double curvature = 2;       ///< of the power law
constexpr double e_foldings = 4;      ///< of the exponential law in a life
constexpr double step_height = 0.05;  ///< mean of the steps

}  // namespace

Damage::Damage(std::optional<Fault> fault, std::uint64_t seed) : fault_{std::move(fault)}, noise_{seed * 7919 + 5} {}

void Damage::grow(Time now, Duration span, double work) {
  if (!fault_ || !has_begun(fault_->start, now)) return;
  if (fault_->wear == Wear::sudden) {
    level_ = 1;
    fail(now);
    return;
  }
  pace_.step(noise_, span);
  age_ += work * to_hours(span) / to_hours(fault_->life) * std::exp(pace_.value() - 0.045);
  level_ = std::min(worst, level_at(age_));
}

double Damage::level_at(double age) {
  switch (fault_->wear) {
    case Wear::power: return std::pow(age, curvature);
    case Wear::exponential: return std::expm1(e_foldings * age) / std::expm1(e_foldings);
    case Wear::steps: {
      double level = level_;
      for (; age >= next_step_; next_step_ -= step_height * std::log(1 - noise_.uniform()))
        level -= step_height * std::log(1 - noise_.uniform());
      return level;
    }
    case Wear::linear:
    case Wear::sudden: break;
  }
  return age;
}

void Damage::fail(Time now) {
  if (!failed_at_) failed_at_ = now;
}

Truth Damage::truth() const {
  Truth truth;
  truth.condition = failed_at_ ? 1 : std::clamp(level_, 0.0, 1.0);
  truth.failed_at = failed_at_;
  return truth;
}

}  // namespace fettle::plants
