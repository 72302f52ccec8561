#pragma once

#include "acquisition/scanner.hpp"

#include <span>
#include <string>

namespace fettle {

/// What a draft of a site file takes from the gateway that it is written on.
struct DraftPlace {
  std::string gateway = "gw-1";  ///< a topic level
  std::string zone = "Etc/UTC";  ///< of the site's clock
};

/// A site file for what a scan found, with comments for whoever completes it: devices that told what they are, and for what is unknown what could be
/// done about it. It can be run as it is.
std::string draft_of(const acquisition::ScanFindings& findings, std::span<const acquisition::DeviceProfile> profiles,
                     const DraftPlace& place);

}  // namespace fettle
