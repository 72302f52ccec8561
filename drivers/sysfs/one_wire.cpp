#include "sysfs/one_wire.hpp"

#include "text/words.hpp"

#include <cmath>

namespace fettle::sysfs {
namespace {

/// Of the maker's data sheet, DS18B20: power-on value, and all bits set, in the kernel's rounding.
constexpr double power_on = 85'000;
constexpr double all_ones = -62;
constexpr double near = 5'000;

constexpr std::string_view shorted = "00 00 00 00 00 00 00 00 00";

}  // namespace

Result<double> parse_w1_slave(std::string_view text) {
  const auto crc = text.find("crc=");
  const auto value = text.rfind("t=");
  if (crc == std::string_view::npos || value == std::string_view::npos || value < crc)
    return failure(Fault::malformed, "the sensor does not answer in the way of a DS18B20 (no checksum or no t=)");
  const auto verdict = text.substr(crc, text.find('\n', crc) - crc);
  if (!verdict.ends_with("YES")) return failure(Fault::malformed, "wrong checksum; check cable, pull-up and length");
  // The checksum of nothing but zeros is zero, so it is right.
  if (text.starts_with(shorted)) return failure(Fault::malformed, "only zeros; the data line is shorted to ground");
  const auto number = text::parse_number(text::trimmed(text.substr(value + 2)));
  if (!number) return failure(Fault::malformed, "no number behind t=");
  return *number;
}

bool PowerOnFilter::accept(double value) {
  const bool suspicious = value == power_on || value == all_ones;
  if (suspicious && (!last_ || std::abs(*last_ - value) > near)) return false;
  last_ = value;
  return true;
}

}  // namespace fettle::sysfs
