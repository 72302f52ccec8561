#pragma once

#include "settings/site.hpp"

#include <string>
#include <vector>

namespace fettle {

/// What systemd may let the service open for these buses: one of its DeviceAllow values each, sorted. A port that is plugged in may come
/// back under another number, so all adapters of its kind are meant; any other is meant alone. A name that is no device's is a mistake.
std::vector<std::string> allowed_devices(const std::vector<settings::BusSettings>& buses, settings::Mistakes& mistakes);

/// For the buses of a site file as it stands: patches are the service's own, which could widen its sandbox with them. Throws
/// SettingsError if it has mistakes that concern the whole.
std::vector<std::string> allowed_devices(const std::string& site_file);

}  // namespace fettle
