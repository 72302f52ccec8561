#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace fettle::doctor {

/// Asks a serial port's driver whether it can do a baud rate, and leaves the port as it was: no byte goes out. What stands against it;
/// empty if nothing does. Not for a port that somebody else has open.
std::string trouble_with_baud(const std::filesystem::path& port, unsigned baud);

}  // namespace fettle::doctor
