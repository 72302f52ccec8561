#include "case_wiring.hpp"

#include <memory>
#include <utility>

namespace fettle {

advisory::SlotFacts slot_of(const Asset& asset, const Installation& installation, std::string detector,
                            std::string method) {
  advisory::SlotFacts slot;
  slot.asset = asset.key;
  slot.asset_class = asset.model_class;
  slot.detector = {std::move(detector), "1.0", std::move(method), installation.fingerprint_text()};
  slot.identity = installation.site.gateway.id;
  return slot;
}

void add_case(AssetId asset, advisory::SlotFacts slot, std::vector<advisory::IndicatorFacts> indicators,
              PipelineParts& parts) {
  parts.modes.push_back({asset, slot.mode, slot.iso14224, slot.advice.code, slot.detector.id});
  parts.cases.push_back(std::make_unique<advisory::ModeCase>(std::move(slot), std::move(indicators)));
}

}  // namespace fettle
