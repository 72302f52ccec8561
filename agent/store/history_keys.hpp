#pragma once

#include "store/history_block.hpp"

#include <fmt/format.h>
#include <cstdint>
#include <string>

namespace fettle::store {

/// A row's key holds its time above so many bits, and the point below.
inline constexpr int point_bits = 22;

inline std::int64_t key_of(std::int64_t time, std::int64_t number = 0) {
  return time * (std::int64_t{1} << point_bits) + number;
}
inline std::int64_t time_of(std::int64_t key) { return key >> point_bits; }

inline std::int64_t day_of(std::int64_t quarter) { return floor_ratio(quarter, quarters_a_day); }

/// The table of a day's minutes; made when the first of them is written.
inline std::string table_of(std::int64_t day) { return fmt::format("minute_{}", day); }

}  // namespace fettle::store
