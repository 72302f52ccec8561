#pragma once

#include "core/clock.hpp"
#include "core/registry.hpp"
#include "delivery/broker.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

namespace fettle::settings {
class Fields;
}

namespace fettle::delivery {

struct BrokerSettings;

/// Whom a layer over a broker speaks for.
struct LayerFacts {
  std::string gateway, root;
  DomainClock clock;
  boost::asio::any_io_executor home;
};

/// A service that speaks MQTT, but has topics, limits and a login of its own: `broker.service` of a site file names it. Its file registers
/// a function that makes one.
class CloudService {
 public:
  using Factory = std::unique_ptr<CloudService>();

  CloudService() = default;
  CloudService(const CloudService&) = delete;
  CloudService& operator=(const CloudService&) = delete;
  virtual ~CloudService() = default;

  /// After the common keys of `broker:`: reads its own, sets what the service prescribes, and records what it does not take.
  virtual void prepare(settings::Fields& fields, BrokerSettings& broker) = 0;
  /// The layer that says in the service's words what comes from us, and in ours what comes from there.
  virtual std::unique_ptr<Broker> make_layer(const LayerFacts& facts, BrokerListener& listener,
                                             const MakeBroker& make_inner) const = 0;
};

/// The service of this name; null if there is none.
std::shared_ptr<CloudService> make_service(std::string_view name);

/// "aws_iot_core, azure_iot_hub"
std::string known_services();

/// The broker as it is, or behind the layer of the service that it belongs to.
MakeBroker behind_service(const BrokerSettings& settings, const LayerFacts& facts, MakeBroker make_plain);

}  // namespace fettle::delivery
