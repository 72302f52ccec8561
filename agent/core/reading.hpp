#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <string_view>

namespace fettle {

/// A point's place in the installation's table of points: cheap to copy, so that a reading never allocates.
struct PointId {
  std::uint32_t index = std::numeric_limits<std::uint32_t>::max();
  friend auto operator<=>(PointId, PointId) = default;
};

/// How far a reading may be trusted. Nothing learns from a bad one.
enum class Quality : std::uint8_t { good, uncertain, bad };

/// Why a reading is not good.
enum class Reason : std::uint8_t {
  none,
  not_read,  ///< no poll has come round yet
  timeout,   ///< Fault::timeout, and so on for the four below
  refused,
  malformed,
  unsupported,
  offline,
  no_value,      ///< the device says itself that it has none (NaN, its own invalid marker)
  out_of_range,  ///< physically impossible for the quantity
  stale,         ///< too old to be combined with the others
  not_running,   ///< the machine stands still: the quantity says nothing about its condition
  starting,      ///< the machine has just started
  too_few,       ///< not enough good readings in the period
  too_fast,      ///< changed faster than the quantity can there
  set_back,      ///< a counter fell: the meter was replaced or reset, or the reading is wrong
  undefined,     ///< a formula without a value, such as a division by zero
  stuck,         ///< has stood still for longer than it ever does there
  spike,         ///< a single value far from those before and after it
  out_of_order,  ///< taken before one that is known already, or when the clock was being set
  not_learned,   ///< what is expected there is not known well enough yet
  no_supply,     ///< what feeds the machine has nothing to give, or had not until a moment ago
};

std::string_view name_of(Quality quality);
std::string_view name_of(Reason reason);
Reason reason_of(Fault fault);

/// One value of one point at one moment, in the unit of the point's Quantity.
struct Reading {
  PointId point;
  Time time{};
  double value = std::numeric_limits<double>::quiet_NaN();
  Quality quality = Quality::bad;
  Reason reason = Reason::not_read;

  bool is_good() const { return quality == Quality::good; }
};

/// A good reading.
inline Reading good(PointId point, Time time, double value) {
  return {point, time, value, Quality::good, Reason::none};
}

/// A reading without a value, and why.
inline Reading bad(PointId point, Time time, Reason why) {
  return {point, time, std::numeric_limits<double>::quiet_NaN(), Quality::bad, why};
}

}  // namespace fettle
