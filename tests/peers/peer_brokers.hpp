#pragma once

#include "delivery/broker_settings.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_server.hpp"
#include "support/nats.hpp"
#include "support/rabbitmq.hpp"

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace fettle::test {

/// mosquitto behind the interface that all brokers of the suite have.
class MosquittoServer final : public MqttServer {
 public:
  unsigned short port() const override { return server_.port(); }
  void kill() override { server_.kill(); }
  void stop() override { server_.stop(); }
  void start() override { server_.start(); }

 private:
  Mosquitto server_;
};

/// A broker that the delivery suite runs on, what our settings say about it, and what it can't do.
struct PeerBroker {
  std::string name;
  delivery::Protocol protocol = delivery::Protocol::mqtt_3_1_1;
  bool retained_to_wildcards = true;     ///< whoever subscribes later with a wildcard gets what is retained
  bool retained_survives_a_kill = true;  ///< or can be filled again, because it says that it remembers nothing
  std::function<std::shared_ptr<MqttServer>()> server = {};
};

inline void PrintTo(const PeerBroker& broker, std::ostream* out) { *out << broker.name; }

/// Rule 5 of the contract: one settings difference each, the protocol's version.
inline std::vector<PeerBroker> peer_brokers() {
  using delivery::Protocol;
  const auto mosquitto = [] { return std::make_shared<MosquittoServer>(); };
  const auto rabbitmq = [] {
    static const auto shared = std::make_shared<Rabbitmq>();  // by all tests of the suite: it takes seconds to start
    return shared;
  };
  return {{"mosquitto_5", Protocol::mqtt_5, true, true, mosquitto},
          {"mosquitto_3_1_1", Protocol::mqtt_3_1_1, true, true, mosquitto},
          {"nats", Protocol::mqtt_3_1_1, true, true, [] { return std::make_shared<Nats>(); }},
          {"rabbitmq", Protocol::mqtt_3_1_1, false, false, rabbitmq}};
}

/// Those that keep a session in which nothing is subscribed to.
inline std::vector<PeerBroker> remembering_brokers() {
  auto result = peer_brokers();
  std::erase_if(result, [](const PeerBroker& each) { return each.name == "rabbitmq"; });
  return result;
}

}  // namespace fettle::test
