#include "disk_wear.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle {
namespace {

/// A fact is one whole number: the hour above, its bytes below; a terabyte an hour is more than any disk takes.
constexpr int hour_shift = 40;
constexpr std::uint64_t most_bytes = (std::uint64_t{1} << hour_shift) - 1;

std::int64_t hour_of(Time time) { return std::chrono::floor<std::chrono::hours>(time.time_since_epoch()).count(); }

}  // namespace

DiskWear::Hour& DiskWear::hour(std::int64_t number) {
  auto& found = hours_.at(static_cast<std::size_t>(number) % hours);
  // The place of the same hour of another day; a clock that was set back finds the future there.
  if (found.number != number) found = {number, 0};
  return found;
}

std::optional<DiskWear::Fact> DiskWear::sample(Time now, std::uint64_t total) {
  const auto number = std::max<std::int64_t>(0, hour_of(now));
  // What was written since the last call counts for the hour in which that was.
  const auto written = counted_ ? total - std::min(total, *counted_) : 0;
  std::optional<Fact> ended;
  if (counted_ && number != now_) {
    hour(now_).bytes += written;
    ended = present();
  }
  const bool goes_on = number == now_;
  now_ = number;
  auto& at = hour(now_);
  if (goes_on) at.bytes += written;
  counted_ = total;
  return ended;
}

DiskWear::Fact DiskWear::present() const {
  const auto& hour = latest();
  const auto packed = static_cast<std::uint64_t>(hour.number) << hour_shift | std::min(hour.bytes, most_bytes);
  return {name(static_cast<std::size_t>(now_) % hours), static_cast<std::int64_t>(packed)};
}

std::string DiskWear::name(std::size_t place) { return fmt::format("written_in_hour_{:02}", place); }

void DiskWear::recall(std::size_t place, std::int64_t value) {
  const auto packed = static_cast<std::uint64_t>(value);
  const auto number = static_cast<std::int64_t>(packed >> hour_shift);
  // Another place means a damaged fact; 0 that there was none.
  if (value <= 0 || static_cast<std::size_t>(number) % hours != place) return;
  hours_.at(place) = {number, packed & most_bytes};
}

std::uint64_t DiskWear::per_day() const { return since(now_ - static_cast<std::int64_t>(hours) + 1); }

std::uint64_t DiskWear::today() const { return since(now_ - now_ % static_cast<std::int64_t>(hours)); }

std::uint64_t DiskWear::since(std::int64_t number) const {
  std::uint64_t sum = 0;
  for (const auto& each : hours_) {
    if (each.number >= number && each.number <= now_) sum += each.bytes;
  }
  return sum;
}

}  // namespace fettle
