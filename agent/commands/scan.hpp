#pragma once

#include "commands/table.hpp"
#include "field_scan.hpp"

#include <string>

namespace fettle::commands {

/// What was found, how good the line is, and what to do about it.
std::string to_text(const acquisition::ScanFindings& findings, Colours colours);

}  // namespace fettle::commands
