#pragma once

#include "feature_wiring.hpp"
#include "pipeline.hpp"

namespace fettle {

/// Watches the readings of one asset for what is unlike all before, if the site wants that and there is memory left for it: its wired
/// roles, and the derived quantities that features make of them. `features`: null for an asset without a model.
void wire_watch(const InstalledAsset& asset, const FeatureWiring* features, WiringHelp& help, PipelineParts& parts);

}  // namespace fettle
