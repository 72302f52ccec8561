#include "manipulation/feature.hpp"

namespace fettle::manipulation {

Latest::Latest(std::vector<Argument> arguments) {
  Duration longest{-1};
  for (auto& argument : arguments) {
    if (argument.point) {
      const auto [point, every] = *argument.point;
      if (every > longest || (every == longest && point > slowest_)) slowest_ = point;
      longest = std::max(longest, every);
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
  for (auto& slot : slots_) {
    if (slot.argument.point && slot.argument.point->point == reading.point) slot.reading = reading;
  }
  return reading.point == slowest_;
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
