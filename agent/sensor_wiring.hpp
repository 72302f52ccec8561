#pragma once

#include "feature_wiring.hpp"
#include "pipeline.hpp"

namespace fettle {

/// Looks after the sensors of one asset: all points that the site file wires to its roles.
void wire_sensors(const InstalledAsset& asset, const Installation& installation, PipelineParts& parts);

}  // namespace fettle
