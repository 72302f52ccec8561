#include "mqtt/broker_settings.hpp"

#include "core/endpoint.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <random>
#include <string_view>

namespace fettle::mqtt_input {
namespace {

using settings::Fields;

constexpr std::array<std::pair<std::string_view, Version>, 4> versions{{
    {"5", Version::mqtt_5},
    {"5.0", Version::mqtt_5},
    {"3.1.1", Version::mqtt_3_1_1},
    {"4", Version::mqtt_3_1_1},
}};

constexpr std::string_view plain = "mqtt://";
constexpr std::string_view over_tls = "mqtts://";
constexpr std::uint16_t plain_port = 1883;
constexpr std::uint16_t tls_port = 8883;

/// mqtt://host, mqtts://host:port, mqtt://[::1]:1883
bool read_url(std::string_view url, BrokerSettings& broker) {
  broker.secured = url.starts_with(over_tls);
  if (!broker.secured && !url.starts_with(plain)) return false;
  url.remove_prefix((broker.secured ? over_tls : plain).size());
  if (url.ends_with('/')) url.remove_suffix(1);
  const auto endpoint = parse_url_endpoint(url, broker.secured ? tls_port : plain_port);
  if (!endpoint) return false;
  broker.host = endpoint->host;
  broker.port = endpoint->port;
  return true;
}

/// Nothing is kept for us between two connections, so the name may be another one each time, and two gateways never push each other out.
std::string any_client_id() {
  std::random_device chance;
  return fmt::format("fettle-{:08x}", chance());
}

void read_tls(Fields& fields, BrokerSettings& broker) {
  const auto node = fields.child("tls");
  if (!node) return;
  if (!broker.secured) fields.mistakes().add(node, "is only used with a url that begins with mqtts://");
  Fields tls{node, fields.mistakes()};
  broker.authority = tls.text("ca", "");
  broker.certificate = tls.text("certificate", "");
  broker.key = tls.text("key", "");
  for (const auto* const file : {"ca", "certificate", "key"}) tls.check_readable(file);
  if (broker.certificate.empty() != broker.key.empty())
    fields.mistakes().add(node, "needs both certificate and key, or neither");
  tls.finish();
}

void read_login(Fields& fields, BrokerSettings& broker) {
  broker.username = fields.text("username", "");
  broker.password_file = fields.text("password_file", "");
  if (broker.password_file.empty()) return;
  if (const auto password = read_password(broker.password_file); !password)
    fields.mistakes().add(fields.child("password_file"), password.error().detail);
  if (broker.username.empty()) fields.mistakes().add(fields.child("password_file"), "needs a username beside it");
}

}  // namespace

std::string BrokerSettings::url() const {
  return fmt::format("{}{}", secured ? over_tls : plain, Endpoint{host, port}.text());
}

BrokerSettings read_broker(Fields& fields) {
  BrokerSettings broker;
  broker.bus = fields.text("id", "");
  fields.child("driver");
  const auto url = fields.text("url");
  if (!url.empty() && !read_url(url, broker)) {
    fields.mistakes().add(fields.child("url"),
                          fmt::format("\"{}\" is no broker (try mqtt://host:1883 or mqtts://host:8883)", url));
  }
  broker.version = fields.choice<Version>("protocol", versions, Version::mqtt_5);
  broker.client_id = fields.text("client_id", any_client_id());
  broker.keep_alive = std::chrono::ceil<std::chrono::seconds>(
      fields.duration("keep_alive", std::chrono::seconds{5}, broker.keep_alive));
  read_login(fields, broker);
  read_tls(fields, broker);
  fields.finish();
  return broker;
}

}  // namespace fettle::mqtt_input
