#pragma once

#include "acquisition/profile.hpp"
#include "acquisition/register_settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace fettle::acquisition {

/// What the points of a profile need not repeat.
struct PointDefaults {
  RegisterDefaults registers;
  std::optional<Quantity> quantity;
  std::optional<std::string> unit;
  PointClass point_class = PointClass::normal;
};

/// `defaults:` of a profile.
PointDefaults read_defaults(const settings::Node& node, settings::Mistakes& mistakes);

enum class PointPlace : bool { elsewhere, in_registers };

/// One entry of `points:`. What lies elsewhere than in registers is left to its protocol.
ProfilePoint read_point(const std::string& name, const settings::Node& node, PointPlace place, PointDefaults defaults,
                        settings::Mistakes& mistakes);

std::optional<double> parse_number(std::string_view text);

}  // namespace fettle::acquisition
