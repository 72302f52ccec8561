#pragma once

namespace fettle::test {

/// A real MQTT broker that a test starts, ends and starts again.
class MqttServer {
 public:
  MqttServer() = default;
  MqttServer(const MqttServer&) = delete;
  MqttServer& operator=(const MqttServer&) = delete;
  virtual ~MqttServer() = default;

  virtual unsigned short port() const = 0;
  /// Ends it as a power cut would: what it has not saved is gone.
  virtual void kill() = 0;
  /// Ends it in good order.
  virtual void stop() = 0;
  /// Starts it again on the same port.
  virtual void start() = 0;
};

}  // namespace fettle::test
