#pragma once

#include "health/equipment_model.hpp"
#include "settings/site.hpp"

#include <string>

namespace fettle {

/// Each mode is explained by others of its class, and by none that it explains itself.
void check_causes(const health::EquipmentModel& model, settings::Mistakes& mistakes);

/// An asset is fed by other machines of the site file (`root`, written out), whether they can be used or not.
void check_feeders(const settings::AssetSettings& asset, const settings::Node& root, settings::Mistakes& mistakes);

/// True if an entry of devices or assets is the one with that id; one for several that could not be written out stands for every id that
/// begins like its own.
bool stands_for(const settings::Node& entry, const std::string& id);

}  // namespace fettle
