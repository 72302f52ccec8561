#pragma once

#include "health/equipment_model.hpp"
#include "installation.hpp"
#include "settings/site.hpp"

#include <vector>

namespace fettle {

/// What the assets of a site can be wired to.
struct Surroundings {
  settings::Node root;  ///< the site file written out, which also names the devices that are disabled
  const std::vector<InstalledDevice>& devices;
};

/// Checks what a site file says about one asset against its model and its devices. `model` is null for a bare asset, and for one
/// whose model cannot be used.
void check_asset(const settings::AssetSettings& asset, const health::EquipmentModel* model, const Surroundings& around,
                 settings::Mistakes& mistakes);

}  // namespace fettle
