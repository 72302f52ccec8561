#pragma once

#include "core/password.hpp"
#include "delivery/address.hpp"
#include "delivery/certificate.hpp"
#include "delivery/cloud_service.hpp"
#include "settings/node.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fettle::delivery {

enum class Protocol : std::uint8_t { mqtt_5, mqtt_3_1_1 };
enum class Retain : std::uint8_t { on, off };
/// What becomes of subscriptions and of messages for us when a connection ends.
enum class Session : std::uint8_t { kept, ends };

/// Where systemd keeps the service's copies of credentials while it runs.
constexpr auto credentials_of_service = "/run/credentials/fettle.service";

struct SparkplugSettings;

/// `broker:` of a site file. A password is never kept here: it is read anew for each attempt to connect.
struct BrokerSettings {
  std::vector<Address> addresses;  ///< tried in this order
  TlsFiles tls;                    ///< for the secured ones
  std::string incoming;            ///< folder that new certificates are put into; empty: none
  std::string root = "fettle/v1";
  Protocol protocol = Protocol::mqtt_5;
  std::string username, password_file;
  std::chrono::seconds keep_alive{60};
  /// When the broker goes away, all gateways come back at a random moment within this time; a site file that says nothing gets a minute.
  std::chrono::milliseconds reconnect_within{};
  Retain retain = Retain::on;
  std::shared_ptr<const CloudService> service;  ///< null: a broker like others
  bool home_assistant = false;                  ///< machines are announced to it as well
  Session session = Session::kept;
  std::shared_ptr<const SparkplugSettings> sparkplug;  ///< null: no edge node of Sparkplug beside all this
};

/// `broker.sparkplug` of a site file.
struct SparkplugSettings {
  std::string group;          ///< empty: the site's id
  std::string primary_host;   ///< only while it listens is anything sent; empty: to whoever listens
  BrokerSettings broker;      ///< where it connects
  bool is_elsewhere = false;  ///< that is another broker than the one for documents
};

/// Reads them. The certificate must be the `gateway`'s and its key beside it; that it is still valid is no matter of the settings.
/// Mistakes are recorded.
BrokerSettings read_broker(const settings::Node& node, settings::Mistakes& mistakes, const std::string& gateway = {});

}  // namespace fettle::delivery
