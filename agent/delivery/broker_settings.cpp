#include "delivery/broker_settings.hpp"

#include "settings/fields.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace fettle::delivery {
namespace {

using settings::Fields;

constexpr std::string_view plain_scheme = "mqtt://";
constexpr std::string_view tls_scheme = "mqtts://";

constexpr std::array<std::pair<std::string_view, Protocol>, 2> protocols{
    {{"5", Protocol::mqtt_5}, {"3.1.1", Protocol::mqtt_3_1_1}}};

/// Where a broker listens.
struct Address {
  std::string host;
  std::uint16_t port = 0;
};

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || stop != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// "host", "host:port" or "[v6]:port".
std::optional<Address> address_of(std::string_view text, std::uint16_t usual_port) {
  while (text.ends_with('/')) text.remove_suffix(1);
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  const auto host = has_port ? text.substr(0, colon) : text;
  const auto port = has_port ? port_of(text.substr(colon + 1)) : usual_port;
  const bool odd = host.find_first_of("/@?# \t") != std::string_view::npos ||
                   (bracket == std::string_view::npos && host.find(':') != std::string_view::npos);
  if (host.empty() || !port || odd) return std::nullopt;
  return Address{std::string{host}, *port};
}

void read_url(Fields& fields, BrokerSettings& broker) {
  const auto url = fields.text("url");
  const std::string_view text{url};
  const bool secured = text.starts_with(tls_scheme);
  if (url.empty()) return;
  if (text.find('@') != std::string_view::npos) {  // and perhaps a password, which belongs into no message
    return fields.mistakes().add(fields.child("url"),
                                 "has a user name in it; put that into username, and the password into password_file");
  }
  if (!secured && !text.starts_with(plain_scheme)) {
    return fields.mistakes().add(
        fields.child("url"),
        fmt::format("\"{}\" is not a broker's address (try mqtt://host:1883, or mqtts://host:8883 with TLS)", url));
  }
  const auto address =
      address_of(text.substr(secured ? tls_scheme.size() : plain_scheme.size()), secured ? 8883 : 1883);
  if (!address) {
    return fields.mistakes().add(fields.child("url"),
                                 fmt::format("\"{}\" is not a broker's address (try mqtt://host:1883)", url));
  }
  broker.host = address->host;
  broker.port = address->port;
  if (secured) broker.tls.emplace();
}

void check_readable(Fields& fields, std::string_view key, const std::string& file) {
  if (file.empty() || std::ifstream{file}) return;
  fields.mistakes().add(fields.child(key),
                        fmt::format("cannot read \"{}\"; check the path and that the agent's user may read it", file));
}

void read_tls(Fields& fields, BrokerSettings& broker) {
  const auto node = fields.child("tls");
  if (!node) return;
  if (!broker.tls) {
    fields.mistakes().add(node, "is only used with an address that begins with mqtts://");
    broker.tls.emplace();
  }
  Fields tls{node, fields.mistakes()};
  broker.tls->authority = tls.text("ca", "");
  broker.tls->certificate = tls.text("certificate", "");
  broker.tls->key = tls.text("key", "");
  check_readable(tls, "ca", broker.tls->authority);
  check_readable(tls, "certificate", broker.tls->certificate);
  check_readable(tls, "key", broker.tls->key);
  if (broker.tls->certificate.empty() != broker.tls->key.empty()) {
    fields.mistakes().add(node, "needs both certificate and key, or neither");
  }
  tls.finish();
}

bool is_level(std::string_view level) {
  return !level.empty() && level.size() <= 64 && std::all_of(level.begin(), level.end(), [](char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           letter == '-' || letter == '_';
  });
}

/// "fettle/v1", with at most one level in front of it.
bool is_root(std::string_view root) {
  constexpr std::string_view contract = "fettle/v1";
  if (root == contract) return true;
  const auto slash = root.find('/');
  return slash != std::string_view::npos && root.substr(slash + 1) == contract && is_level(root.substr(0, slash));
}

void read_root(Fields& fields, BrokerSettings& broker) {
  const auto root = fields.text("root", broker.root);
  if (is_root(root)) {
    broker.root = root;
  } else {
    fields.mistakes().add(fields.child("root"),
                          fmt::format("\"{}\" is not a root of the contract (use fettle/v1, or acme/fettle/v1 with "
                                      "one level of [A-Za-z0-9_-] in front)",
                                      root));
  }
}

void read_login(Fields& fields, BrokerSettings& broker) {
  broker.username = fields.text("username", "");
  const auto file = fields.text("password_file", "");
  if (file.empty()) return;
  std::ifstream stream{file};
  if (!std::getline(stream, broker.password) || broker.password.empty()) {
    fields.mistakes().add(
        fields.child("password_file"),
        fmt::format("no password in the first line of \"{}\"; check the path and that the agent's user may read it",
                    file));
  }
  while (broker.password.ends_with('\r')) broker.password.pop_back();
  if (broker.username.empty()) fields.mistakes().add(fields.child("password_file"), "needs a username beside it");
}

}  // namespace

std::string BrokerSettings::url() const { return fmt::format("{}{}:{}", tls ? tls_scheme : plain_scheme, host, port); }

BrokerSettings read_broker(const settings::Node& node, settings::Mistakes& mistakes) {
  Fields fields{node, mistakes};
  BrokerSettings broker;
  read_url(fields, broker);
  read_tls(fields, broker);
  read_root(fields, broker);
  read_login(fields, broker);
  broker.protocol = fields.choice<Protocol>("protocol", protocols, Protocol::mqtt_5);
  broker.keep_alive = std::chrono::ceil<std::chrono::seconds>(
      fields.duration("keep_alive", std::chrono::seconds{5}, std::chrono::seconds{60}));
  broker.retain = fields.flag("retain", true) ? Retain::on : Retain::off;
  fields.finish();
  return broker;
}

}  // namespace fettle::delivery
