#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fettle {

/// What a clock on a wall shows, somewhere.
using WallTime = std::chrono::local_time<Duration>;

/// The moments that a wall clock's time may be: two in the hour that comes twice when summer time ends, else one.
struct Moments {
  Time first{}, second{};
};

/// A time zone, from the system's own tables (TZif, RFC 8536): those of libc work for one zone of the whole process only.
class Zone {
 public:
  /// UTC.
  Zone() = default;

  /// "UTC", "+01:00" or "Europe/Berlin".
  static Result<Zone> named(const std::string& name, const std::filesystem::path& folder = "/usr/share/zoneinfo");

  /// A time that was left out when summer time began is taken as if it had not begun.
  Moments moments(WallTime wall) const;
  std::chrono::seconds offset_at(Time moment) const;
  /// What the clock on the wall shows, in whole seconds since it showed the beginning of 1970: hours and days as people live by them.
  std::int64_t wall_second(Time moment) const;
  /// True within an hour of a moment at which the clocks on the wall are set: hours of the day mean something else there, or come twice.
  bool is_near_switch(Time moment) const;

 private:
  /// From a moment on.
  struct Span {
    std::chrono::sys_seconds from;
    std::chrono::seconds offset;
  };

  static Result<Zone> from_table(const std::string& bytes, const std::string& name);

  std::vector<Span> spans_;
  std::chrono::seconds before_{0};
};

}  // namespace fettle
