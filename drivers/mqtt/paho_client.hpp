#pragma once

#include "core/result.hpp"
#include "mqtt/broker_settings.hpp"

#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace fettle::mqtt_input {

/// A message as it came.
struct Arrival {
  std::string topic, payload;
  bool retained = false;  ///< the broker had kept it, nobody knows how long
  std::chrono::steady_clock::time_point at;
};

/// Listens at a broker, and comes back whenever the connection is lost. It publishes nothing, not even a will.
/// Paho's calls may block (a host name that is looked up, a client that is ended), so they are made on a thread of its own.
class PahoClient {
 public:
  /// Called on threads of the client; they pass on, and return.
  struct Ears {
    std::function<void(Arrival)> arrived;
    /// The connection is up, or why it is not.
    std::function<void(std::optional<Error>)> link;
    /// The broker does not let us listen to a topic, and why.
    std::function<void(std::string filter, std::string why)> refused;
  };

  PahoClient(BrokerSettings settings, Ears ears);
  PahoClient(const PahoClient&) = delete;
  PahoClient& operator=(const PahoClient&) = delete;
  ~PahoClient();

  /// Begins to connect, and never gives up.
  void start();
  /// From now on, on this connection and on all later ones.
  void subscribe(const std::string& filter);

 private:
  class Desk;

  boost::asio::thread_pool thread_{1};
  std::shared_ptr<Desk> desk_;  ///< shared with tasks of the thread, which alone looks into it
};

}  // namespace fettle::mqtt_input
