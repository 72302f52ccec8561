#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fettle::settings {

/// Reads names and values as systemd reads an EnvironmentFile= (systemd.exec(5)): one NAME=value a line, comments begin with # or ;,
/// quotes and backslashes as there. Lines that systemd passes over are passed over.
std::vector<std::pair<std::string, std::string>> parse_environment(std::string_view text);

/// Adds what a file says to this program's environment, where it does not say otherwise: `fettle check` then sees what the service
/// sees. A file that is not there, or may not be read, adds nothing. To be called before there are other threads.
void take_environment(const std::string& file);

}  // namespace fettle::settings
