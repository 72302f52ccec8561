#pragma once

#include "core/time.hpp"

namespace fettle {

/// No clock that is right shows less: Fettle is not older.
inline constexpr Time earliest_possible{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

}  // namespace fettle
