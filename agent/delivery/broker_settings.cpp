#include "delivery/broker_settings.hpp"

#include "core/level.hpp"
#include "settings/fields.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <utility>

namespace fettle::delivery {
namespace {

using settings::Fields;
using settings::Node;

constexpr std::array<std::pair<std::string_view, Protocol>, 2> protocols{
    {{"5", Protocol::mqtt_5}, {"3.1.1", Protocol::mqtt_3_1_1}}};

void read_address(const Node& node, settings::Mistakes& mistakes, BrokerSettings& broker) {
  const auto url = node.scalar();
  if (node.reported()) return;
  if (url.find('@') != std::string::npos) {  // and perhaps a password, which belongs into no message
    return mistakes.add(node, "has a user name in it; put that into username, and the password into password_file");
  }
  if (const auto address = parse_address(url)) return broker.addresses.push_back(*address);
  mistakes.add(node, fmt::format("\"{}\" is not a broker's address (try mqtt://host:1883, or mqtts://host:8883 with "
                                 "TLS, or wss://host/mqtt through a web proxy)",
                                 url));
}

void read_addresses(Fields& fields, BrokerSettings& broker) {
  if (!fields.has("urls")) {
    if (const auto url = fields.text("url"); !url.empty()) {
      read_address(fields.child("url"), fields.mistakes(), broker);
    }
    return;
  }
  if (fields.has("url")) fields.mistakes().add(fields.child("url"), "stands beside urls; write one of them");
  for (const auto& node : fields.list("urls")) read_address(node, fields.mistakes(), broker);
  const auto& all = broker.addresses;
  if (fields.child("urls").items().empty()) fields.mistakes().add(fields.child("urls"), "names no broker");
  const auto is_secured = [](const Address& each) { return each.is_secured(); };
  if (std::any_of(all.begin(), all.end(), is_secured) && !std::all_of(all.begin(), all.end(), is_secured)) {
    fields.mistakes().add(
        fields.child("urls"),
        "has addresses with and without TLS; whoever cuts off the first ones would be told everything "
        "in clear");
  }
}

bool is_secured(const BrokerSettings& broker) { return !broker.addresses.empty() && broker.addresses[0].is_secured(); }

/// Whether it is still valid is left to the broker: a certificate that ends must not end the agent with it.
void check_pair(Fields& fields, const TlsFiles& files, const std::string& gateway) {
  const auto certificate = read_certificate(files.certificate);
  if (!certificate) return fields.mistakes().add(fields.child("certificate"), certificate.error().detail);
  if (const auto fits = delivery::check_pair(files); !fits) {
    fields.mistakes().add(fields.child("key"), fits.error().detail);
  }
  if (gateway.empty() || certificate->name == gateway) return;
  fields.mistakes().add(fields.child("certificate"),
                        fmt::format("\"{}\" is for \"{}\", but the gateway is \"{}\"; its certificate's common name "
                                    "must be gateway.id",
                                    files.certificate, certificate->name, gateway));
}

void read_tls(Fields& fields, BrokerSettings& broker, const std::string& gateway) {
  const auto node = fields.child("tls");
  if (!node) return;
  if (!is_secured(broker) && !broker.addresses.empty()) {
    fields.mistakes().add(node, "is only used with an address that begins with mqtts:// or wss://");
  }
  Fields tls{node, fields.mistakes()};
  broker.tls = {tls.text("ca", ""), tls.text("certificate", ""), tls.text("key", "")};
  broker.incoming = tls.text("incoming", "");
  tls.check_readable("ca");
  if (broker.tls.has_pair()) {
    check_pair(tls, broker.tls, gateway);
  } else if (broker.tls.certificate != broker.tls.key) {
    tls.check_readable("certificate");
    tls.check_readable("key");
    fields.mistakes().add(node, "needs both certificate and key, or neither");
  }
  const bool two_files = broker.tls.has_pair() && broker.tls.certificate != broker.tls.key;
  if (!broker.incoming.empty() && !two_files) {
    fields.mistakes().add(tls.child("incoming"), "can only replace a certificate and a key in two files of their own");
  }
  tls.finish();
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

/// Where systemd keeps the credential that the unit loads under this name. A shell has no such folder, so `fettle check` cannot look
/// into it there; whatever is wrong is said at the first attempt to connect.
std::string credential_file(const std::string& name) {
  const auto* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  return fmt::format("{}/{}", folder == nullptr ? credentials_of_service : folder, name);
}

void read_login(Fields& fields, BrokerSettings& broker) {
  broker.username = fields.text("username", "");
  broker.password_file = fields.text("password_file", "");
  const auto credential = fields.text("password_credential", "");
  const std::string_view key = credential.empty() ? "password_file" : "password_credential";
  if (!credential.empty()) {
    if (!broker.password_file.empty()) fields.mistakes().add(fields.child(key), "stands beside password_file");
    broker.password_file = credential_file(credential);
  }
  if (broker.password_file.empty()) return;
  const bool can_tell = credential.empty() || std::getenv("CREDENTIALS_DIRECTORY") != nullptr;
  if (const auto password = read_password(broker.password_file); !password && can_tell) {
    fields.mistakes().add(fields.child(key), password.error().detail);
  }
  const bool is_named = !broker.username.empty() || fields.has("service");
  if (!is_named) fields.mistakes().add(fields.child(key), "needs a username beside it");
}

void read_service(Fields& fields, BrokerSettings& broker) {
  const auto name = fields.text("service", "");
  if (name.empty()) return;
  const auto service = make_service(name);
  if (!service) {
    return fields.mistakes().add(
        fields.child("service"),
        fmt::format("\"{}\" is none of {}; without it any MQTT broker will do", name, known_services()));
  }
  service->prepare(fields, broker);
  broker.service = service;
}

void read_home_assistant(Fields& fields, BrokerSettings& broker) {
  broker.home_assistant = fields.flag("home_assistant", false);
  if (!broker.home_assistant || (broker.retain == Retain::on && !broker.service)) return;
  fields.mistakes().add(fields.child("home_assistant"),
                        "finds machines by retained messages, which this broker does not keep for it");
}

/// Where a broker is, and how it is entered.
void read_connection(Fields& fields, BrokerSettings& broker, const std::string& gateway) {
  using std::chrono::seconds;
  read_addresses(fields, broker);
  read_tls(fields, broker, gateway);
  read_login(fields, broker);
  broker.keep_alive = std::chrono::ceil<seconds>(fields.duration("keep_alive", seconds{5}, seconds{60}));
  broker.reconnect_within = fields.duration("reconnect_within", Duration{}, seconds{60});
}

/// A level of Sparkplug's topics.
std::string read_identifier(Fields& fields, std::string_view key) {
  auto text = fields.text(key, "");
  if (text.find_first_of(of_topics) != std::string::npos) {
    fields.mistakes().add(fields.child(key), fmt::format("\"{}\" cannot be part of a topic: leave out / + #", text));
  }
  return text;
}

/// At the same broker, as a client of its own, or at one that is named here.
void read_sparkplug(Fields& fields, BrokerSettings& broker, const std::string& gateway) {
  const auto node = fields.child("sparkplug");
  if (!node) return;
  Fields own{node, fields.mistakes()};
  SparkplugSettings sparkplug{read_identifier(own, "group"), read_identifier(own, "primary_host"), broker,
                              own.has("url") || own.has("urls")};
  if (sparkplug.is_elsewhere) {
    sparkplug.broker = {};
    read_connection(own, sparkplug.broker, gateway);
    if (!sparkplug.broker.incoming.empty()) {
      own.mistakes().add(own.child("tls")["incoming"], "is for the certificate of broker.tls only");
    }
  } else {
    for (const auto* const key : {"tls", "username", "password_file", "password_credential"}) {
      if (const auto child = own.child(key)) own.mistakes().add(child, "is for another broker; name its url beside it");
    }
    if (broker.service) {
      own.mistakes().add(node, "needs the url of a broker: a cloud service passes on nothing of Sparkplug's");
    }
  }
  sparkplug.broker.service.reset();
  sparkplug.broker.protocol = Protocol::mqtt_3_1_1;
  sparkplug.broker.session = Session::ends;
  own.finish();
  broker.sparkplug = std::make_shared<const SparkplugSettings>(std::move(sparkplug));
}

}  // namespace

BrokerSettings read_broker(const Node& node, settings::Mistakes& mistakes, const std::string& gateway) {
  Fields fields{node, mistakes};
  BrokerSettings broker;
  read_connection(fields, broker, gateway);
  read_root(fields, broker);
  broker.protocol = fields.choice<Protocol>("protocol", protocols, Protocol::mqtt_5);
  broker.retain = fields.flag("retain", true) ? Retain::on : Retain::off;
  read_service(fields, broker);
  read_home_assistant(fields, broker);
  read_sparkplug(fields, broker, gateway);
  fields.finish();
  return broker;
}

}  // namespace fettle::delivery
