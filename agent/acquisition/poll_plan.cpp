#include "acquisition/poll_plan.hpp"

#include <algorithm>

namespace fettle::acquisition {

PollPlan::PollPlan(std::span<const Duration> periods, Time start) {
  for (const auto every : periods) entries_.push_back({every, start});
}

/// A poll that lies more than a period ahead can only mean that the clock was set back: then it is due now.
Time PollPlan::due(const Entry& entry, Time now) { return entry.due > now + entry.every ? now : entry.due; }

std::optional<std::size_t> PollPlan::take(Time now) {
  const auto first = std::min_element(entries_.begin(), entries_.end(), [now](const Entry& left, const Entry& right) {
    return due(left, now) < due(right, now);
  });
  if (first == entries_.end()) return std::nullopt;
  first->due = due(*first, now);
  if (first->due > now) return std::nullopt;
  const auto late = (now - first->due) / first->every;
  first->skipped += static_cast<std::uint64_t>(late);
  first->due += (late + 1) * first->every;
  return static_cast<std::size_t>(first - entries_.begin());
}

Duration PollPlan::wait(Time now) const {
  auto shortest = Duration::max();
  for (const auto& entry : entries_) shortest = std::min(shortest, due(entry, now) - now);
  return std::max(shortest, Duration{0});
}

}  // namespace fettle::acquisition
