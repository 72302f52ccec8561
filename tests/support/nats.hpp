#pragma once

#include "support/child.hpp"
#include "support/mqtt_server.hpp"
#include "support/temp_dir.hpp"

#include <optional>

namespace fettle::test {

/// nats-server as an MQTT 3.1.1 broker on ports of its own of the loopback; what it keeps lies in a folder that is gone with the object.
class Nats final : public MqttServer {
 public:
  Nats();

  unsigned short port() const override { return port_; }
  void kill() override;
  void stop() override;
  void start() override;

 private:
  TempDir folder_;
  unsigned short port_;
  std::optional<Child> process_;
};

}  // namespace fettle::test
