#include "circumstance_wiring.hpp"

#include <set>
#include <utility>

namespace fettle {
namespace {

bool has_own_supply(const Installation& installation, const InstalledAsset& asset) {
  return asset.model && installation.models.at(*asset.model).own_supply;
}

/// The machines that one hangs on, up to those that have a supply of their own.
void add_feeders(const Installation& installation, const InstalledAsset& asset, std::set<AssetId>& feeders) {
  const auto* const settings = installation.settings_of(asset.asset);
  if (settings == nullptr || has_own_supply(installation, asset)) return;
  for (const auto& key : settings->fed_by) {
    for (const auto& other : installation.assets) {
      if (other.asset.key == key && feeders.insert(other.asset.id).second) add_feeders(installation, other, feeders);
    }
  }
}

}  // namespace

void wire_circumstances(const Installation& installation, PipelineParts& parts) {
  for (std::uint32_t supply = 0; supply < parts.supplies.size(); ++supply)
    PipelineParts::note(parts.supplying, parts.supplies[supply].tells, supply);
  for (const auto& asset : installation.assets) {
    PipelineParts::Circumstances its;
    const auto maintenance = asset.roles.find(Role{health::maintenance_role});
    if (maintenance != asset.roles.end()) its.maintenance = maintenance->second;
    std::set<AssetId> feeders;
    add_feeders(installation, asset, feeders);
    for (std::size_t supply = 0; supply < parts.supplies.size(); ++supply) {
      const auto of = parts.supplies[supply].of;
      if (of != asset.asset.id && feeders.contains(of)) its.supplies.push_back(supply);
    }
    if (!its.maintenance && its.supplies.empty()) continue;
    const auto place = static_cast<std::uint32_t>(parts.circumstances.size());
    for (const auto& each : asset.roles) PipelineParts::note(parts.concerned, each.second, place);
    parts.circumstances.push_back(std::move(its));
  }
}

}  // namespace fettle
