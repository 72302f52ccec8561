#include "manipulation/control_chart.hpp"

#include "core/median.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::manipulation {
namespace {

constexpr double slack = 0.5, widest_day = 4;
constexpr double to_sigma = 1.4826;
constexpr double least_sigma = 0.01;  ///< of the mean power

}  // namespace

void ControlChart::learn(double residual, double power) {
  days_.at(static_cast<std::size_t>(count_) % memory) = residual;
  count_ += 1;
  level_ += (power - level_) / std::min(count_, static_cast<double>(memory));
}

double ControlChart::sigma() const {
  auto days = days_;
  const std::span known{days.data(), static_cast<std::size_t>(std::min(count_, static_cast<double>(memory)))};
  for (auto& each : known) each = std::abs(each);
  return std::max(to_sigma * median_in_place(known), least_sigma * std::abs(level_));
}

double ControlChart::added(double sum, double residual) const {
  const double usual = sigma();
  const double excess = residual - material_ * std::abs(level_);
  const double score = usual > 0 ? std::clamp(excess / usual, -widest_day, widest_day) : 0;
  return std::clamp(sum + score - slack, 0.0, most);
}

void ControlChart::save(StateWriter& writer) const {
  writer.put(days_);
  writer.put(count_);
  writer.put(level_);
}

bool ControlChart::restore(StateReader& reader) {
  ControlChart other{material_};
  reader.get(other.days_);
  reader.get(other.count_);
  reader.get(other.level_);
  const bool finite =
      std::all_of(other.days_.begin(), other.days_.end(), [](double each) { return std::isfinite(each); });
  if (!reader.ok() || !finite || !std::isfinite(other.level_) || !(other.count_ >= 0 && other.count_ < 1e9))
    return false;
  *this = other;
  return true;
}

}  // namespace fettle::manipulation
