#pragma once

#include "settings/node.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace fettle::delivery {

enum class Protocol : std::uint8_t { mqtt_5, mqtt_3_1_1 };
enum class Retain : std::uint8_t { on, off };

/// Files in PEM; empty: the system's authorities, no certificate of our own.
struct TlsFiles {
  std::string authority, certificate, key;
};

/// `broker:` of a site file.
struct BrokerSettings {
  std::string host;
  std::uint16_t port = 1883;
  std::optional<TlsFiles> tls;  ///< absent: an unprotected connection
  std::string root = "fettle/v1";
  Protocol protocol = Protocol::mqtt_5;
  std::string username, password;
  std::chrono::seconds keep_alive{60};
  Retain retain = Retain::on;

  /// "mqtts://broker.example:8883", for messages.
  std::string url() const;
};

/// Reads them, and the password from its file. Mistakes are recorded.
BrokerSettings read_broker(const settings::Node& node, settings::Mistakes& mistakes);

}  // namespace fettle::delivery
