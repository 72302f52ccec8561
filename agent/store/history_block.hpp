#pragma once

#include "core/time.hpp"
#include "store/database.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

namespace fettle::store {

/// Floor division: time before 1970 counts like any other.
inline std::int64_t floor_ratio(std::int64_t value, std::int64_t by) {
  return value / by - static_cast<std::int64_t>(value % by < 0);
}

inline constexpr Duration one_minute = std::chrono::minutes{1};
inline constexpr Duration one_quarter = std::chrono::minutes{15};  ///< of an hour
inline constexpr std::size_t minutes_a_quarter = 15;
inline constexpr std::size_t quarters_a_day = 96;

inline std::int64_t quarter_of(Time time) { return floor_ratio(time.time_since_epoch().count(), one_quarter.count()); }
inline Time begin_of_quarter(std::int64_t quarter) { return Time{quarter * one_quarter}; }

/// What a point was during a while: nothing if `mean` is NaN. 12 bytes on disk.
struct Aggregate {
  float lowest = std::numeric_limits<float>::quiet_NaN();
  float mean = std::numeric_limits<float>::quiet_NaN();
  float highest = std::numeric_limits<float>::quiet_NaN();

  bool is_empty() const { return std::isnan(mean); }
  /// Two halves of the same while; how many readings each had is not known any more.
  void merge(const Aggregate& other) {
    if (other.is_empty()) return;
    lowest = std::fmin(lowest, other.lowest);
    highest = std::fmax(highest, other.highest);
    mean = is_empty() ? other.mean : (mean + other.mean) / 2;
  }
};

/// The mean of several whiles of equal length, the extremes of all.
template <class Aggregates>
Aggregate joined(const Aggregates& parts) {
  Aggregate result;
  double sum = 0;
  int count = 0;
  for (const auto& part : parts) {
    if (part.is_empty()) continue;
    result.lowest = std::fmin(result.lowest, part.lowest);
    result.highest = std::fmax(result.highest, part.highest);
    sum += static_cast<double>(part.mean);
    ++count;
  }
  if (count > 0) result.mean = static_cast<float>(sum / count);
  return result;
}

using Minutes = std::array<Aggregate, minutes_a_quarter>;  ///< of a quarter of an hour
using Quarters = std::array<Aggregate, quarters_a_day>;    ///< of a day

/// One quarter of an hour of one point, as it is written.
struct HistoryBlock {
  std::int64_t quarter = 0;
  std::uint32_t point = 0;  ///< index into the names of the points
  Minutes minutes;
};

/// A blob as it is stored, in the machine's byte order: a history stays on the gateway where it was made. Empty if the length is wrong.
template <std::size_t Count>
std::array<Aggregate, Count> aggregates_of(const Bytes& bytes) {
  std::array<Aggregate, Count> result;
  if (bytes.size() == sizeof result)
    std::copy_n(bytes.begin(), bytes.size(), std::as_writable_bytes(std::span{result}).begin());
  return result;
}

}  // namespace fettle::store
