#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace fettle::bench {

/// Hears what a broker is sent, at a fraction of what a client of the shell would cost the machine that is measured: MQTT 3.1.1, QoS 0.
class BrokerEar {
 public:
  using Message = std::function<void(std::string_view topic, std::string_view payload)>;

  /// Subscribed when the constructor returns.
  BrokerEar(unsigned short port, std::string_view filter);

  /// Hands over what comes for so long.
  void listen(std::chrono::milliseconds span, const Message& take);

 private:
  void send(std::string_view packet);
  /// Takes whole packets from what was received.
  void hand_over(const Message& take);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  std::string received_;
};

/// Readings by series and value, each counted once: what a peer repeats is no reading.
class DistinctReadings {
 public:
  void note(std::string_view device, std::string_view point, double value);
  std::size_t count() const { return seen_.size(); }
  std::size_t repeated() const { return repeated_; }

 private:
  std::unordered_set<std::uint64_t> seen_;
  std::size_t repeated_ = 0;
};

}  // namespace fettle::bench
