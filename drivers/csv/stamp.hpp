#pragma once

#include "core/time.hpp"
#include "core/zone.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace fettle::csv {

/// A time as a table has it.
struct Stamp {
  WallTime wall{};
  std::optional<Duration> offset;  ///< that it says itself
};

/// How a table writes its times: "iso" (2026-01-15 10:00, with or without seconds, T and offset), "epoch", "epoch_ms", or what strptime
/// knows: %Y %y %m %d %H %I %p %M %S %b %z. Numbers may lack leading zeros, seconds may have a fraction.
class StampFormat {
 public:
  StampFormat() = default;
  /// Nothing if there is a % that is not known.
  static std::optional<StampFormat> parse(std::string_view text);

  std::optional<Stamp> read(std::string_view text) const;
  /// As it was parsed.
  const std::string& text() const { return pattern_; }

 private:
  std::string pattern_ = "iso";
};

/// Of the formats that are common, one that reads this text as a time of our days; empty if none does.
std::string_view likely_format(std::string_view text);

}  // namespace fettle::csv
