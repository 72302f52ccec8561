#pragma once

#include "installation.hpp"

#include <optional>

namespace fettle {

/// The entry of `then` whose change would make another gateway of a running one, leave its memory behind, or take its broker away.
std::optional<settings::Node> lasting_change(const Installation& now, const Installation& then);

/// True if more devices, assets or other parts would be left out for their mistakes than are already.
bool leaves_out_more(const Installation& now, const Installation& then);

}  // namespace fettle
