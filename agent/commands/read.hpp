#pragma once

#include "field_report.hpp"

#include <string>

namespace fettle::commands {

std::string to_table(const FieldReport& report);
std::string to_json(const FieldReport& report);

}  // namespace fettle::commands
