#include "manipulation/feature.hpp"

#include <algorithm>
#include <stdexcept>

namespace fettle::manipulation {

Duration slowest(const std::vector<Argument>& arguments) {
  Duration longest{};
  for (const auto& argument : arguments) {
    if (argument.point) longest = std::max(longest, argument.point->every);
  }
  return longest;
}

Formula formula_of(FeatureSettings& settings) {
  if (!settings.formula) throw std::invalid_argument{"needs a formula (write `formula:` instead of `feature:`)"};
  return std::move(*settings.formula);
}

Input only_point_of(const FeatureSettings& settings) {
  if (settings.arguments.size() != 1 || !settings.arguments.front().point)
    throw std::invalid_argument{"takes one role or derived quantity (such as `of: [power]`)"};
  return *settings.arguments.front().point;
}

std::vector<PointId> Gate::with(std::vector<PointId> points) const {
  if (run_state_) points.push_back(run_state_->point);
  return points;
}

void Gate::take(const Reading& reading) {
  if (run_state_ && reading.point == run_state_->point) latest_ = reading;
}

Reason Gate::closed(Time now) const {
  if (!run_state_) return Reason::none;
  if (!latest_.is_good()) return latest_.reason;
  return now - latest_.time > 2 * run_state_->every ? Reason::stale : Reason::none;
}

Latest::Latest(std::vector<Argument> arguments) {
  for (auto& argument : arguments) {
    if (argument.point) {
      const auto [point, every] = *argument.point;
      if (every > longest_ || (every == longest_ && point > slowest_)) slowest_ = point;
      longest_ = std::max(longest_, every);
    }
    slots_.push_back({argument, {}});
  }
}

std::vector<PointId> Latest::points() const {
  std::vector<PointId> result;
  for (const auto& slot : slots_) {
    if (slot.argument.point) result.push_back(slot.argument.point->point);
  }
  return result;
}

bool Latest::take(const Reading& reading) {
  bool may_complete = false;
  for (auto& slot : slots_) {
    if (!slot.argument.point || slot.argument.point->point != reading.point) continue;
    slot.reading = reading;
    may_complete = is_slow(slot);
  }
  due_ = due_ || reading.point == slowest_;
  if (!due_ || !may_complete || awaits_another(reading.time)) return false;
  due_ = false;
  return true;
}

/// What is equally slow and due about now is still to come; what is overdue has been missed.
bool Latest::awaits_another(Time now) const {
  return std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
    const auto age = now - slot.reading.time;
    return is_slow(slot) && 2 * age > longest_ && 2 * age <= 3 * longest_;
  });
}

Reason Latest::values(Time now, std::vector<double>& into) const {
  into.clear();
  for (const auto& slot : slots_) {
    if (!slot.argument.point) {
      into.push_back(slot.argument.constant);
      continue;
    }
    if (!slot.reading.is_good()) return slot.reading.reason;
    if (now - slot.reading.time > 2 * slot.argument.point->every) return Reason::stale;
    into.push_back(slot.reading.value);
  }
  return Reason::none;
}

}  // namespace fettle::manipulation
