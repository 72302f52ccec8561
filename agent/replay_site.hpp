#pragma once

#include "installation.hpp"

#include <string>
#include <vector>

namespace fettle {

/// True for a device that has a recorded history in the place of a wire.
bool is_recorded(const Installation& installation, const InstalledDevice& device);

/// Loads a site file for a replay. The broker and what concerns it do not count. `files` stand in the place of those that the site
/// file names: "ahu_1=2024.csv" for the device ahu_1, or "2024.csv" where only one device has a history; several of one device are read
/// in their order. Throws SettingsError for any mistake: a replay that leaves out a machine in silence would tell too little.
Installation load_for_replay(const std::string& site_file, const std::vector<std::string>& files);

/// What such a replay reads: the site file, and the histories of the command line and of the site file. Mistakes are left to load_for_replay.
std::vector<std::string> inputs_of_replay(const std::string& site_file, const std::vector<std::string>& files);

}  // namespace fettle
