#pragma once

#include "core/time.hpp"

#include <string>
#include <string_view>

namespace fettle {

/// The day in UTC, for people: "2026-11-21".
inline std::string to_day(Time time) { return to_rfc3339(time).substr(0, std::string_view{"2026-11-21"}.size()); }

}  // namespace fettle
