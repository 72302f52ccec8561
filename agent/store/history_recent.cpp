#include "store/history_recent.hpp"

#include <algorithm>

namespace fettle::store {
namespace {

constexpr std::size_t first_capacity = 1'024;
constexpr std::size_t most_readings = 350'000;
constexpr std::size_t most_moments = most_readings / 2;
constexpr std::size_t most_waiting = 10'000;

/// One more place, if there is none and there may be one.
template <class Ring>
bool has_grown(Ring& ring, std::size_t most) {
  if (!ring.full() || ring.capacity() >= most) return false;
  ring.set_capacity(std::clamp(2 * ring.capacity(), first_capacity, most));
  return true;
}

}  // namespace

void RawReadings::add(const Reading& reading) {
  if (since_ == Time::max()) since_ = reading.time;
  make_room(reading.time);
  const auto milliseconds = static_cast<std::uint64_t>(reading.time.time_since_epoch().count());
  const auto both = milliseconds << 22 | page_of(reading.point);
  if (moments_.empty() || moments_.back().both() != both) {
    if (moments_.full() && !has_grown(moments_, most_moments)) {
      for (auto left = moments_.front().count; left > 0; --left) drop_oldest();
    }
    moments_.push_back({static_cast<std::uint32_t>(both >> 32), static_cast<std::uint32_t>(both), 0});
  }
  ++moments_.back().count;
  points_.push_back(number_of(reading.point));
  values_.push_back(static_cast<float>(reading.value));
}

/// At most one falls out for one that comes in.
void RawReadings::make_room(Time now) {
  const bool old = !moments_.empty() && now - moments_.front().time() > window_;
  if (old) return drop_oldest();
  if (!values_.full()) return;
  if (!has_grown(values_, most_readings)) return drop_oldest();
  points_.set_capacity(values_.capacity());
}

void RawReadings::drop_oldest() {
  since_ = moments_.front().time() + Duration{1};
  points_.pop_front();
  values_.pop_front();
  if (--moments_.front().count == 0) moments_.pop_front();
}

void RecentMinutes::add(const Reading& reading) {
  const auto quarter = quarter_of(reading.time);
  auto& places = open_[reading.point.index];
  auto* place = &places[places[0].quarter == quarter ? 0 : 1];
  if (place->quarter != quarter) {
    // The earlier one gives way; an unused one is the earliest of all.
    place = &places[places[0].quarter < places[1].quarter ? 0 : 1];
    if (place->is_used()) close(*place, reading.point.index);
    place->quarter = quarter;
    place->minutes = {};
  }
  const auto since = reading.time - begin_of_quarter(quarter);
  auto& minute = place->minutes[static_cast<std::size_t>(since / one_minute)];
  const auto value = static_cast<float>(reading.value);
  auto& values = minute.values;
  values.lowest = std::fmin(values.lowest, value);
  values.highest = std::fmax(values.highest, value);
  ++minute.count;
  values.mean = minute.count == 1 ? value : values.mean + (value - values.mean) / static_cast<float>(minute.count);
}

Minutes RecentMinutes::closed(const Open& quarter) {
  Minutes result;
  for (std::size_t minute = 0; minute < result.size(); ++minute) result[minute] = quarter.minutes[minute].values;
  return result;
}

void RecentMinutes::close(Open& quarter, std::size_t point) {
  if (waiting_.size() >= most_waiting) {
    // A tenth at once, so that a long trouble does not move everything at every reading.
    waiting_.erase(waiting_.begin(), waiting_.begin() + most_waiting / 10);
    dropped_ += most_waiting / 10;
  }
  waiting_.push_back({quarter.quarter, static_cast<std::uint32_t>(point), closed(quarter)});
  quarter.quarter = unused;
}

void RecentMinutes::close_before(std::int64_t quarter) {
  for (std::size_t point = 0; point < open_.size(); ++point) {
    for (auto& place : open_[point]) {
      if (place.is_used() && place.quarter < quarter) close(place, point);
    }
  }
}

void RecentMinutes::written() {
  waiting_.clear();
  // What a long trouble has piled up is given back.
  if (waiting_.capacity() > 4 * open_.size()) waiting_.shrink_to_fit();
}

}  // namespace fettle::store
