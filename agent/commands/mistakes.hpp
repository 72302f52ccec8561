#pragma once

#include "settings/node.hpp"

namespace fettle::commands {

/// Prints every mistake to the standard error, one a line, and how many there are in how many files.
void print(const settings::Mistakes& mistakes);

}  // namespace fettle::commands
