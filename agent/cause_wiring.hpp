#pragma once

#include "installation.hpp"
#include "pipeline.hpp"

#include <string>
#include <vector>

namespace fettle {

/// The points that a formula is made of, sorted.
std::vector<PointId> inputs_of(const InstalledAsset& asset, const health::EquipmentModel& model,
                               const std::string& formula);

/// Those by which it measures the machine. States, commands and shares, set points, the weather, and what the run state is told by
/// are circumstances: they are seen by all modes alike, and speak for none.
std::vector<PointId> sensors_of(const InstalledAsset& asset, const health::EquipmentModel& model,
                                const std::string& formula);

/// Tells each case whose alerts may explain its own: by the models, by what feeds a machine, and by its sensors. After all cases are made.
void wire_causes(const Installation& installation, PipelineParts& parts);

}  // namespace fettle
