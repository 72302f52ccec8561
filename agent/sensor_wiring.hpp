#pragma once

#include "feature_wiring.hpp"
#include "pipeline.hpp"

namespace fettle {

/// Looks after the sensors of one asset: all points that the site file wires to its roles. `features` are null for a bare asset.
void wire_sensors(const InstalledAsset& asset, FeatureWiring* features, const Installation& installation,
                  PipelineParts& parts);

}  // namespace fettle
