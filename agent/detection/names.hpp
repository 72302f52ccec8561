#pragma once

#include <algorithm>
#include <string>

namespace fettle::detection {

/// "supply temperature" of the role supply_temperature.
inline std::string for_people(std::string role) {
  std::replace(role.begin(), role.end(), '_', ' ');
  return role;
}

}  // namespace fettle::detection
