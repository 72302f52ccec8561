#pragma once

#include "installation.hpp"
#include "pipeline.hpp"

#include <string>
#include <vector>

namespace fettle {

/// A slot of an asset, with what is true of all of them: whose it is, and by which settings and methods it is judged.
advisory::SlotFacts slot_of(const Asset& asset, const Installation& installation, std::string detector,
                            std::string method);

/// The case file of a slot, in its place among the modes that are followed.
void add_case(AssetId asset, advisory::SlotFacts slot, std::vector<advisory::IndicatorFacts> indicators,
              PipelineParts& parts);

}  // namespace fettle
