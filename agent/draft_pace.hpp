#pragma once

#include "acquisition/scanner.hpp"
#include "settings/site.hpp"

#include <span>
#include <string>

namespace fettle {

/// The quickest of some round paces that fills no more than half of a line's time, by how long each device took to be read.
settings::Pace pace_for(const acquisition::ScanFindings& findings,
                        std::span<const acquisition::DeviceProfile> profiles);

/// `every:` of a device: for each class of points that its profile has, or one time for the device as a whole. No profile: of an unknown one.
std::string pace_text(const acquisition::FoundDevice& device, const acquisition::DeviceProfile* profile,
                      const settings::Pace& pace);

/// The profile that a device's answers have told; null if nobody knows it.
const acquisition::DeviceProfile* profile_of(const acquisition::FoundDevice& device,
                                             std::span<const acquisition::DeviceProfile> profiles);

}  // namespace fettle
