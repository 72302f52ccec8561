#include "advisory/flood.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle::advisory {
namespace {

constexpr Duration hour = std::chrono::hours{1};
constexpr std::size_t most_named = 12;  ///< slots in the text; more would not fit

bool can_wait(const Alert& alert) { return alert.severity <= Severity::minor; }

bool is_active(const Alert& alert) { return alert.state == AlertState::active; }

/// Active ones first, of them the worst, and of those equally bad the oldest.
bool is_before(const Alert& left, const Alert& right) {
  if (is_active(left) != is_active(right)) return is_active(left);
  if (left.severity != right.severity) return left.severity > right.severity;
  if (left.priority != right.priority) return left.priority < right.priority;
  return left.raised_at < right.raised_at;
}

}  // namespace

FloodGate::FloodGate(SlotFacts facts, int new_alerts_per_hour)
    : summary_{std::move(facts)}, limit_{static_cast<std::size_t>(std::max(0, new_alerts_per_hour))} {}

std::vector<Alert> FloodGate::admit(Time now, std::vector<Alert> alerts) {
  forget_before(now);
  std::vector<Alert> admitted;
  for (auto& alert : alerts) {
    const auto waiting =
        std::find_if(held_.begin(), held_.end(), [&alert](const Alert& each) { return each.id == alert.id; });
    const bool waits = waiting != held_.end();
    if (waits && alert.state == AlertState::closed) {
      held_.erase(waiting);
    } else if (waits && can_wait(alert)) {
      *waiting = std::move(alert);
    } else if (!waits && alert.rev == 1 && can_wait(alert) && (passed_.size() >= limit_ || !held_.empty())) {
      held_.push_back(std::move(alert));
    } else {
      if (waits) held_.erase(waiting);
      if (waits || alert.rev == 1) passed_.push_back(now);
      admitted.push_back(std::move(alert));
    }
  }
  return admitted;
}

std::vector<Alert> FloodGate::tick(Time now) {
  forget_before(now);
  std::vector<Alert> admitted;
  while (passed_.size() < limit_) {
    const auto next = std::min_element(held_.begin(), held_.end(), is_before);
    if (next == held_.end() || !is_active(*next)) break;
    passed_.push_back(now);
    admitted.push_back(std::move(*next));
    held_.erase(next);
  }
  if (auto alert = news(now)) admitted.push_back(std::move(*alert));
  return admitted;
}

std::optional<Alert> FloodGate::news(Time now) {
  std::string names;
  std::size_t count = 0;
  for (const auto& alert : held_) {
    if (!is_active(alert) || count++ >= most_named) continue;
    names += (names.empty() ? "" : ", ") + alert.slot();
  }
  if (count > most_named) names += fmt::format(" and {} more", count - most_named);
  return summary_.report(now, count > 0, fmt::format("{} small alerts are held back in a flood of alerts", count),
                         fmt::format("More than {} new alerts came within an hour. These wait until there are fewer, "
                                     "or until they get worse: {}. Look for a common cause.",
                                     limit_, names));
}

bool FloodGate::restore(const Alert& alert) {
  const auto& facts = summary_.episode().facts();
  if (facts.asset != alert.asset || facts.mode != alert.mode) return false;
  summary_.restore(alert);
  return true;
}

/// What lies in the future was passed before a clock was set back.
void FloodGate::forget_before(Time now) {
  // Readings of several buses come a little out of order; only a clock that was set lies further ahead.
  std::erase_if(passed_, [now](Time each) { return each - now >= hour || now - each >= hour; });
}

}  // namespace fettle::advisory
