#pragma once

#include "core/password.hpp"
#include "settings/fields.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace fettle::mqtt_input {

enum class Version : std::uint8_t { mqtt_5, mqtt_3_1_1 };

/// The broker that devices publish to, which need not be the one that alerts go to.
struct BrokerSettings {
  std::string bus;   ///< `id`
  std::string host;  ///< of IPv6 without brackets
  std::uint16_t port = 1883;
  bool secured = false;
  Version version = Version::mqtt_5;
  std::string client_id;
  std::string username, password_file;
  std::string authority, certificate, key;  ///< PEM files; empty: the system's authorities, no certificate of our own
  std::chrono::seconds keep_alive{30};

  /// "mqtts://broker.example:8883", for people.
  std::string url() const;
};

/// Reads the whole `buses:` entry.
BrokerSettings read_broker(settings::Fields& fields);

}  // namespace fettle::mqtt_input
