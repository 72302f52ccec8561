#include "delivery/cloud_service.hpp"

#include "delivery/broker_settings.hpp"

#include <utility>

namespace fettle::delivery {

std::shared_ptr<CloudService> make_service(std::string_view name) {
  const auto* const entry = Registry<CloudService>::instance().find(name);
  return entry == nullptr ? nullptr : entry->make();
}

std::string known_services() {
  std::string names;
  for (const auto& each : Registry<CloudService>::instance().entries())
    names += (names.empty() ? "" : ", ") + each.first;
  return names;
}

MakeBroker behind_service(const BrokerSettings& settings, const LayerFacts& facts, MakeBroker make_plain) {
  if (!settings.service) return make_plain;
  return [settings, facts, make_plain = std::move(make_plain)](BrokerListener& listener) {
    return settings.service->make_layer(facts, listener, make_plain);
  };
}

}  // namespace fettle::delivery
