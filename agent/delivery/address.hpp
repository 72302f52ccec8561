#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fettle::delivery {

/// What MQTT travels in.
enum class Transport : std::uint8_t { tcp, tls, websocket, websocket_tls };

/// Where a broker listens.
struct Address {
  std::string host;  ///< of IPv6 without brackets
  std::uint16_t port = 1883;
  Transport transport = Transport::tcp;
  std::string path = {};  ///< of a WebSocket: "/mqtt"

  bool is_secured() const { return transport == Transport::tls || transport == Transport::websocket_tls; }
  /// "mqtts://broker.example:8883", for messages.
  std::string url() const;
  friend bool operator==(const Address&, const Address&) = default;
};

/// Reads mqtt://host[:1883], mqtts://host[:8883], ws://host[:80][/mqtt] or wss://host[:443][/mqtt].
std::optional<Address> parse_address(std::string_view url);

}  // namespace fettle::delivery
