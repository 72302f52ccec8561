#pragma once

#include "settings/fields.hpp"

#include <string>
#include <string_view>

namespace fettle::health {

/// A text that a customer will read, with {building}, {floor} and {area} for places; empty if absent. What would not fit or would
/// alarm somebody is a mistake.
std::string read_note(settings::Fields& fields, std::string_view key);

}  // namespace fettle::health
