#include "store/history_recent.hpp"

#include <algorithm>
#include <iterator>

namespace fettle::store {
namespace {

constexpr std::size_t first_capacity = 1'024;
constexpr std::size_t most_readings = 100'000;
constexpr std::size_t most_runs = most_readings / 2;
constexpr std::size_t most_quarters = 4, most_blocks = 10'000;

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
  const auto point = reading.point.index;
  const bool goes_on =
      !runs_.empty() && runs_.back().time() == reading.time && runs_.back().first() + runs_.back().count == point;
  if (!goes_on) {
    if (runs_.full() && !has_grown(runs_, most_runs)) {
      for (auto left = runs_.front().count; left > 0; --left) drop_oldest();
    }
    runs_.push_back(Run{reading.time, point});
  }
  ++runs_.back().count;
  values_.push_back(static_cast<float>(reading.value));
}

/// At most one falls out for one that comes in.
void RawReadings::make_room(Time now) {
  const bool old = !runs_.empty() && now - runs_.front().time() > window_;
  if (old || (values_.full() && !has_grown(values_, most_readings))) drop_oldest();
}

void RawReadings::drop_oldest() {
  auto& run = runs_.front();
  since_ = run.time() + Duration{1};
  values_.pop_front();
  ++run.low;  // the next point
  if (--run.count == 0) runs_.pop_front();
}

void RecentMinutes::add(const Reading& reading) {
  const auto number = quarter_of(reading.time);
  const auto since = reading.time - begin_of_quarter(number);
  auto& minute = quarter(number).minutes[static_cast<std::size_t>(since / one_minute)];
  if (minute.empty()) minute.resize(points_);
  auto& [values, count] = minute[reading.point.index];
  const auto value = static_cast<float>(reading.value);
  values.lowest = std::fmin(values.lowest, value);
  values.highest = std::fmax(values.highest, value);
  ++count;
  values.mean = count == 1 ? value : values.mean + (value - values.mean) / static_cast<float>(count);
}

/// Nearly always the last one.
RecentMinutes::Quarter& RecentMinutes::quarter(std::int64_t number) {
  const auto is_not_before = [number](const Quarter& each) { return each.number <= number; };
  const auto behind = std::find_if(quarters_.rbegin(), quarters_.rend(), is_not_before).base();
  if (behind != quarters_.begin() && std::prev(behind)->number == number) return *std::prev(behind);
  if (quarters_.size() >= most_quarters + most_blocks / points_) {
    drop_earliest();
    return quarter(number);
  }
  return *quarters_.insert(behind, Quarter{number, {}});
}

void RecentMinutes::drop_earliest() {
  for (std::size_t point = 0; point < points_; ++point) {
    if (block_of(quarters_.front(), point)) ++dropped_;
  }
  quarters_.erase(quarters_.begin());
}

std::optional<HistoryBlock> RecentMinutes::block_of(const Quarter& quarter, std::size_t point) {
  std::optional<HistoryBlock> block;
  for (std::size_t place = 0; place < minutes_a_quarter; ++place) {
    const auto& minute = quarter.minutes[place];
    if (minute.empty() || minute[point].count == 0) continue;
    if (!block) block = HistoryBlock{quarter.number, static_cast<std::uint32_t>(point), {}};
    block->minutes[place] = minute[point].values;
  }
  return block;
}

void RecentMinutes::forget_before(std::int64_t quarter) {
  std::erase_if(quarters_, [quarter](const Quarter& each) { return each.number < quarter; });
}

}  // namespace fettle::store
