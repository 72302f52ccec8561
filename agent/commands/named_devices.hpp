#pragma once

#include "installation.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fettle::commands {

/// False, and each one that is missing is told, if somebody names devices that the site file does not have or that cannot be used.
bool has_all(std::string_view verb, const Installation& installation, const std::vector<std::string>& devices);

}  // namespace fettle::commands
