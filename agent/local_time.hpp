#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace fettle {

/// "12 Mar 2024 14:05" as the clock on the wall shows it in a time zone; in UTC if there is no such zone.
std::string local_text(Time time, const std::string& zone);
/// "12 Mar 2024"
std::string local_day(Time time, const std::string& zone);

/// "2024-01-15", which is midnight in that zone, or RFC 3339. Nothing for anything else.
std::optional<Time> parse_moment(std::string_view text, const std::string& zone);

}  // namespace fettle
