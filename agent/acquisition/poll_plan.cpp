#include "acquisition/poll_plan.hpp"

#include <algorithm>

namespace fettle::acquisition {

PollPlan::PollPlan(std::span<const Paces> devices, Time start) {
  for (const auto& every : devices) entries_.push_back({every, {start, start, start}});
}

/// A poll that lies more than a period ahead can only mean that the clock was set back: then it is due now.
Time PollPlan::due(const Entry& entry, std::size_t place, Time now) {
  const auto due = entry.due.at(place);
  return due > now + entry.every.at(place) ? now : due;
}

Time PollPlan::due(const Entry& entry, Time now) {
  return std::min({due(entry, 0, now), due(entry, 1, now), due(entry, 2, now)});
}

std::optional<PollPlan::Turn> PollPlan::take(Time now) {
  const auto first = std::min_element(entries_.begin(), entries_.end(), [now](const Entry& left, const Entry& right) {
    return due(left, now) < due(right, now);
  });
  if (first == entries_.end() || due(*first, now) > now) return std::nullopt;
  Turn turn{static_cast<std::size_t>(first - entries_.begin()), {}};
  const auto shortest = std::min_element(first->every.begin(), first->every.end()) - first->every.begin();
  for (std::size_t place = 0; place < first->every.size(); ++place) {
    auto& next = first->due.at(place);
    next = due(*first, place, now);
    if (next > now) continue;
    turn.classes.set(place);
    const auto late = (now - next) / first->every.at(place);
    if (place == static_cast<std::size_t>(shortest)) first->skipped += static_cast<std::uint64_t>(late);
    next += (late + 1) * first->every.at(place);
  }
  return turn;
}

Duration PollPlan::wait(Time now) const {
  auto shortest = Duration::max();
  for (const auto& entry : entries_) shortest = std::min(shortest, due(entry, now) - now);
  return std::max(shortest, Duration{0});
}

}  // namespace fettle::acquisition
