#include "manipulation/recent_sums.hpp"

#include <algorithm>
#include <limits>

namespace fettle::manipulation {

void RecentSums::add(Time time, const Sums& more) {
  const auto number = time.time_since_epoch() / step_;
  // Set back by more than a step, the clock would let what is newer stay for ever.
  const bool anew = number < newest_ - 1 || number >= newest_ + slots;
  if (anew) {
    sums_.fill({});
    newest_ = number;
  }
  while (newest_ < number) at(++newest_) = {};
  auto& sums = at(newest_);
  sums.events += more.events;
  sums.on += more.on;
  sums.known += more.known;
}

RecentSums::Sums RecentSums::sums() const {
  Sums result;
  for (const auto& each : sums_) {
    result.events += each.events;
    result.on += each.on;
    result.known += each.known;
  }
  return result;
}

void RecentSums::save(StateWriter& writer) const {
  writer.put(newest_);
  for (const auto& each : sums_) {
    writer.put(each.events);
    writer.put(each.on);
    writer.put(each.known);
  }
}

bool RecentSums::restore(StateReader& reader) {
  constexpr auto far = std::numeric_limits<std::int64_t>::max() / 2;
  reader.get(newest_);
  for (auto& each : sums_) {
    reader.get(each.events);
    reader.get(each.on);
    reader.get(each.known);
  }
  return newest_ > -far && newest_ < far && std::ranges::all_of(sums_, [this](const Sums& each) {
           return each.on >= Duration{0} && each.on <= each.known && each.known <= 2 * step_;
         });
}

}  // namespace fettle::manipulation
