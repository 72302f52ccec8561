#include "store/history_recent.hpp"

namespace fettle::store {
namespace {

constexpr std::size_t first_capacity = 1'024;
constexpr std::size_t most_readings = 350'000;
constexpr std::size_t most_waiting = 10'000;

}  // namespace

void RawReadings::add(const Reading& reading) {
  if (since_ == Time::max()) since_ = reading.time;
  if (!entries_.empty() && (entries_.full() || reading.time - entries_.front().time() > window_)) {
    const bool young = reading.time - entries_.front().time() <= window_;
    if (young && entries_.capacity() < most_readings) {
      entries_.set_capacity(std::min(2 * entries_.capacity(), most_readings));
    } else {
      since_ = entries_.front().time() + Duration{1};
      entries_.pop_front();
    }
  }
  if (entries_.capacity() == 0) entries_.set_capacity(first_capacity);
  const auto milliseconds = static_cast<std::uint64_t>(reading.time.time_since_epoch().count());
  const auto both = milliseconds << 22 | (reading.point.index & 0x3fffff);
  entries_.push_back(
      {static_cast<std::uint32_t>(both >> 32), static_cast<std::uint32_t>(both), static_cast<float>(reading.value)});
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
