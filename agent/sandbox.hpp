#pragma once

#include "settings/site.hpp"

#include <string>
#include <vector>

namespace fettle {

/// What systemd may let the service open for these buses: one of its DeviceAllow values each, sorted. A port that is plugged in may come
/// back under another number, so all adapters of its kind are meant; any other is meant alone.
std::vector<std::string> allowed_devices(const std::vector<settings::BusSettings>& buses);

/// For the buses of a site file. Throws SettingsError if it has mistakes that concern the whole.
std::vector<std::string> allowed_devices(const std::string& site_file);

}  // namespace fettle
