#pragma once

#include "delivery/broker.hpp"
#include "delivery/broker_settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <memory>
#include <string>

namespace fettle::delivery {

/// An MQTT broker reached through Paho: MQTT 5 or 3.1.1, over TCP or WebSocket, with or without TLS.
/// Paho holds its one lock while it looks up a host name, and while it ends a client, so even its asynchronous calls may block; they
/// are made on a thread of their own, and home only exchanges values with it.
class PahoBroker final : public Broker {
 public:
  /// `home` outlives it, and `listener` is called there.
  PahoBroker(BrokerSettings settings, std::string client_id, boost::asio::any_io_executor home,
             BrokerListener& listener);
  PahoBroker(const PahoBroker&) = delete;
  PahoBroker& operator=(const PahoBroker&) = delete;
  ~PahoBroker() override;

  void connect(const Approach& approach) override;
  void subscribe(const std::string& filter) override;
  void publish(const Message& message) override;
  void disconnect() override;

 private:
  class Connection;
  struct Ear;
  struct Desk;

  BrokerSettings settings_;
  std::string client_id_;
  boost::asio::any_io_executor home_;
  std::shared_ptr<Ear> ear_;    ///< shared with events on their way home as weak pointers: a late one finds nobody
  std::shared_ptr<Desk> desk_;  ///< shared with tasks of the thread, which alone looks into it
  boost::asio::thread_pool thread_{1};
};

}  // namespace fettle::delivery
