#pragma once

#include "commands/table.hpp"
#include "examination.hpp"

#include <string>
#include <vector>

namespace fettle::commands {

/// One line a diagnosis, the remedy below it, and the sum.
std::string to_text(const std::vector<Examined>& all, Colours colours, std::size_t columns = endless);
std::string to_json(const std::vector<Examined>& all);
/// True if there is a problem; warnings are none.
bool has_problem(const std::vector<Examined>& all);

}  // namespace fettle::commands
