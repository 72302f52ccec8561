#pragma once

#include "acquisition/scanner.hpp"
#include "parts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fettle {

/// The buses that can be scanned: "modbus-rtu", "mbus-tcp".
std::vector<PartLine> scanners();

/// The device profiles that are found, those in `beside` first; files with mistakes are left out.
std::vector<acquisition::DeviceProfile> profiles_to_recognise(const std::string& beside);

/// Looks for devices as a registered scanner does. Never throws for what happens on the wire.
acquisition::ScanFindings scan_field(const std::string& scanner, const acquisition::ScanOrder& order,
                                     const acquisition::ScanWatch& watch);

}  // namespace fettle
