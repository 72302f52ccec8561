#pragma once

#include "core/time.hpp"
#include "settings/fields.hpp"

#include <string_view>

namespace fettle::acquisition {

/// `every:` of a device that cannot be asked for some of its points alone. A time for each class of points is a mistake, which says
/// `because` and what to write: "an M-Bus meter sends all its values at once".
Duration whole_pace(settings::Fields& device, Duration fallback, std::string_view because);

}  // namespace fettle::acquisition
