#include "mqtt/paho_options.hpp"

#include "core/endpoint.hpp"

#include <fmt/format.h>

#include <vector>

namespace fettle::mqtt_input {
namespace {

constexpr std::chrono::seconds connect_timeout{20};
/// What the broker may send us at most (MQTT 5): Paho would take any length into memory.
constexpr std::int32_t largest_packet = 256 * 1024;
/// In a SUBACK of MQTT 3.1.1.
constexpr int refused_3_1_1 = 0x80;

mqtt::ssl_options as_tls(const BrokerSettings& settings) {
  mqtt::ssl_options result;
  if (!settings.authority.empty()) result.set_trust_store(settings.authority);
  if (!settings.certificate.empty()) result.set_key_store(settings.certificate);
  if (!settings.key.empty()) result.set_private_key(settings.key);
  result.set_enable_server_cert_auth(true);
  result.set_verify(true);
  // No error handler: the C structure would keep a pointer to this very object, which is only copied from (Paho C++ 1.2.0).
  return result;
}

/// MQTT 3.1.1 has no reason codes, for which Paho puts one of its own.
bool says_no(mqtt::ReasonCode code) {
  return code >= mqtt::ReasonCode::UNSPECIFIED_ERROR && code != mqtt::ReasonCode::MQTTPP_V3_CODE;
}

std::string text_of(mqtt::ReasonCode code) { return mqtt::exception::reason_code_str(code); }

}  // namespace

int version_of(Version version) { return version == Version::mqtt_5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1; }

std::string paho_address(const BrokerSettings& settings) {
  return fmt::format("{}://{}", settings.secured ? "ssl" : "tcp", Endpoint{settings.host, settings.port}.text());
}

/// A clean session each time: what a broker had kept for us would be taken for new.
Result<void> fill_in(mqtt::connect_options& options, const BrokerSettings& settings) {
  options.set_mqtt_version(version_of(settings.version));
  options.set_keep_alive_interval(settings.keep_alive);
  options.set_connect_timeout(connect_timeout);
  if (settings.version == Version::mqtt_5) {
    options.set_clean_start(true);
    mqtt::properties properties;
    properties.add({mqtt::property::MAXIMUM_PACKET_SIZE, largest_packet});
    options.set_properties(std::move(properties));
  } else {
    options.set_clean_session(true);
  }
  if (!settings.username.empty()) options.set_user_name(settings.username);
  if (!settings.password_file.empty()) {
    const auto password = read_password(settings.password_file);
    if (!password) return password.error();
    options.set_password(*password);
  }
  if (settings.secured) options.set_ssl(as_tls(settings));
  return {};
}

/// Paho says MQTT 5's reason in the return code here, and has -1 for whatever went wrong before.
std::string rejection(const mqtt::token& token, bool secured) {
  const int code = token.get_return_code();
  if (code >= mqtt::ReasonCode::UNSPECIFIED_ERROR) return "rejects us: " + mqtt::exception::reason_code_str(code);
  switch (code) {  // of a CONNACK, MQTT 3.1.1 table 3.1
    case 1: return "does not speak this version of MQTT; try protocol: 3.1.1";
    case 2: return "does not take our client_id";
    case 3: return "is not available";
    case 4: return "does not accept user name and password";
    case 5: return "does not let us in; username and password_file, or client_id?";
    default: break;
  }
  return secured ? "cannot be reached, or the certificates do not match; check url, tls.ca and the clock"
                 : "cannot be reached";
}

std::string refused_subscription(const mqtt::token& token, bool succeeded) {
  // What was broken off with its connection was not refused.
  if (!succeeded && token.get_return_code() == refused_3_1_1) return "not authorized";
  if (!succeeded) return says_no(token.get_reason_code()) ? text_of(token.get_reason_code()) : std::string{};
  const auto response = token.get_subscribe_response();
  for (const auto code : response.get_reason_codes()) {
    if (static_cast<int>(code) == refused_3_1_1) return "not authorized";
    if (says_no(code)) return text_of(code);
  }
  return {};
}

}  // namespace fettle::mqtt_input
