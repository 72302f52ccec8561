#pragma once

#include "core/time.hpp"

#include <chrono>
#include <cstdint>

namespace fettle::store {

inline constexpr std::int64_t unlimited = -1;

/// What the counters of a journal that knows nothing better begin with: higher than any earlier journal of this gateway can have come.
inline std::uint64_t sequence_at(Time now) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count());
}
inline std::uint64_t session_at(Time now) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

inline std::int64_t stored_time(Time time) { return time.time_since_epoch().count(); }
inline Time loaded_time(std::int64_t milliseconds) { return Time{Duration{milliseconds}}; }

// SQLite knows signed integers only; hashes keep their bits.
inline std::int64_t stored_bits(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace fettle::store
