#include "agent.hpp"
#include "operations/operation.hpp"

namespace fettle {

delivery::BrokerSettings broker_settings(const Installation& installation) {
  settings::Mistakes checked_at_load;
  return installation.site.broker ? delivery::read_broker(installation.site.broker, checked_at_load)
                                  : delivery::BrokerSettings{};
}

delivery::GatewayFacts gateway_facts(const Installation& installation, const delivery::BrokerSettings& broker) {
  const auto& gateway = installation.site.gateway;
  delivery::GatewayFacts facts;
  facts.id = gateway.id;
  facts.root = broker.root;
  facts.software = FETTLE_VERSION;
  facts.configuration = installation.fingerprint;
  facts.heartbeat = gateway.heartbeat;
  return facts;
}

namespace {

void tell_changes(const SitePatches& patches, delivery::InfoFacts& facts) {
  if (const auto& held = patches.held) facts.held = {held->patch.jti, held->patch.by, held->ring, held->start};
  if (const auto& latest = patches.latest) {
    facts.change = {latest->jti, latest->by, std::string{name_of(latest->state)}, latest->rev, latest->why};
  }
}

void tell_update(const HostRequests& host, delivery::InfoFacts& facts) {
  if (const auto& latest = host.latest()) {
    facts.update = {latest->jti, latest->by, latest->version, latest->state, latest->why};
  }
}

}  // namespace

delivery::InfoFacts info_facts(const Installation& installation, const Pipeline& pipeline,
                               const delivery::GatewayFacts& gateway, const SitePatches& patches,
                               const HostRequests& host) {
  delivery::InfoFacts facts;
  facts.gateway = gateway;
  facts.site = installation.site.location.site;
  facts.tz = installation.site.location.tz;
  facts.operations = operations::names();
  facts.signed_operations = operations::signed_names();
  if (!installation.site.gateway.updates) {
    for (auto* const names : {&facts.operations, &facts.signed_operations}) std::erase(*names, "update");
  }
  facts.ring = installation.site.gateway.ring;
  tell_changes(patches, facts);
  tell_update(host, facts);
  for (const auto& installed : installation.assets) {
    delivery::AssetFacts asset;
    asset.asset = installed.asset;
    for (const auto& [role, id] : installed.roles) {
      const auto& point = installation.point(id);
      const auto* known = installed.model ? installation.models.at(*installed.model).role(role) : nullptr;
      asset.points.push_back(
          {role, point.quantity, known == nullptr ? std::string{} : known->brick, installed.sources.at(role)});
    }
    for (const auto& mode : pipeline.modes()) {
      if (mode.asset == installed.asset.id)
        asset.modes.push_back({mode.mode, mode.iso14224, mode.action, mode.detector});
    }
    facts.assets.push_back(std::move(asset));
  }
  return facts;
}

}  // namespace fettle
