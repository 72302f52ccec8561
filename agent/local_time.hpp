#pragma once

#include "core/time.hpp"
#include "core/zone.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fettle {

/// UTC where the system has no tables of zones, which is logged; a name that is in none was refused when the site file was read.
std::shared_ptr<const Zone> find_zone(const std::string& name);

/// "12 Mar 2024 14:05" as the clock on the wall shows it.
std::string local_text(Time time, const Zone& zone);
/// "12 Mar 2024"
std::string local_day(Time time, const Zone& zone);

/// "2024-01-15", which is midnight in that zone, or RFC 3339. Nothing for anything else.
std::optional<Time> parse_moment(std::string_view text, const Zone& zone);

}  // namespace fettle
