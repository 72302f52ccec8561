#pragma once

#include "commands/table.hpp"
#include "core/verdicts.hpp"

#include <string>
#include <vector>

namespace fettle::commands {

/// What is open: how grave, how urgent, and who is on it.
std::string open_table(const std::vector<Alert>& alerts, Colours colours);
/// What was closed, and how it ended.
std::string closed_table(const std::vector<Alert>& alerts, Colours colours);

}  // namespace fettle::commands
