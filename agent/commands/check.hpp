#pragma once

#include <string>

namespace fettle::commands {

/// Prints every mistake of a site and of all it names, or what would run; returns the exit code.
int check(const std::string& site_file);

}  // namespace fettle::commands
