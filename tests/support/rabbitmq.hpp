#pragma once

#include "support/child.hpp"
#include "support/mqtt_server.hpp"
#include "support/temp_dir.hpp"

#include <optional>

namespace fettle::test {

/// RabbitMQ with its MQTT 3.1.1 plugin on ports of its own of the loopback, with a node name, a cookie, a port mapper and a folder of its
/// own. Starting it takes seconds, so a suite shares one.
class Rabbitmq final : public MqttServer {
 public:
  Rabbitmq();

  unsigned short port() const override { return port_; }
  void kill() override;
  void stop() override;
  void start() override;

 private:
  TempDir folder_;
  unsigned short port_, mapper_port_, node_port_;
  Child mapper_;  ///< epmd, which Erlang would else start as a daemon that stays
  std::optional<Child> process_;
};

}  // namespace fettle::test
