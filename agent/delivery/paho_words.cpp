#include "delivery/paho_words.hpp"

#include "core/endpoint.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <utility>

namespace fettle::delivery {
namespace {

using std::chrono::seconds;

constexpr seconds connect_timeout{20};
/// The broker keeps our session for a day, so that it can tell us that it has not forgotten us.
constexpr std::int32_t session_expiry = 86'400;
/// What the broker may send us at most (MQTT 5): Paho would take any length into memory.
constexpr std::int32_t largest_packet = 2 * longest_incoming;
/// In a SUBACK of MQTT 3.1.1.
constexpr int refused_3_1_1 = 0x80;

/// True where MQTT 5 says no; MQTT 3.1.1 has no reason codes, for which Paho puts one of its own.
bool says_no(mqtt::ReasonCode code) {
  return code >= mqtt::ReasonCode::UNSPECIFIED_ERROR && code != mqtt::ReasonCode::MQTTPP_V3_CODE;
}

mqtt::will_options as_will(const Will& will, Protocol protocol) {
  mqtt::will_options result{*as_message(will.message, protocol)};
  if (protocol != Protocol::mqtt_5) return result;
  mqtt::properties properties{as_message(will.message, protocol)->get_properties()};
  properties.add({mqtt::property::WILL_DELAY_INTERVAL, static_cast<std::int32_t>(will.delay.count())});
  result.set_properties(std::move(properties));
  return result;
}

mqtt::ssl_options as_tls(const TlsFiles& files, const std::string& alpn) {
  mqtt::ssl_options result;
  if (!alpn.empty()) result.set_alpn_protos({alpn});
  if (!files.authority.empty()) result.set_trust_store(files.authority);
  if (!files.certificate.empty()) result.set_key_store(files.certificate);
  if (!files.key.empty()) result.set_private_key(files.key);
  result.set_enable_server_cert_auth(true);
  result.set_verify(true);
  // No error handler: the C structure would keep a pointer to this very object, which is only copied from (Paho C++ 1.2.0).
  return result;
}

void keep_session(mqtt::connect_options& options, Protocol protocol) {
  if (protocol != Protocol::mqtt_5) return options.set_clean_session(false);
  options.set_clean_start(false);
  mqtt::properties properties;
  properties.add({mqtt::property::SESSION_EXPIRY_INTERVAL, session_expiry});
  properties.add({mqtt::property::MAXIMUM_PACKET_SIZE, largest_packet});
  options.set_properties(std::move(properties));
}

void leave_nothing(mqtt::connect_options& options, Protocol protocol) {
  protocol == Protocol::mqtt_5 ? options.set_clean_start(true) : options.set_clean_session(true);
}

Result<void> log_in(mqtt::connect_options& options, const BrokerSettings& settings, const Approach& approach) {
  const auto& username = approach.login ? approach.login->username : settings.username;
  if (!username.empty()) options.set_user_name(username);
  if (approach.login) {
    if (!approach.login->password.empty()) options.set_password(approach.login->password);
  } else if (!settings.password_file.empty()) {
    const auto password = read_password(settings.password_file);
    if (!password) return password.error();
    options.set_password(*password);
  }
  return {};
}

/// Paho 1.3.12 has these words where CONNECT was sent and no CONNACK came (MQTTAsync_cycle): TCP stood, and TLS as far as we were concerned.
/// In TLS 1.3 a server looks at our certificate only after that.
constexpr auto ended_after_connect = "TCP connect completion failure";
/// And these where TCP or TLS were ended, or refused.
constexpr auto ended_before = "TCP/TLS connect failure";

/// What Paho says of an attempt that has failed.
std::string words_of(mqtt::token& token) {
  try {
    token.try_wait();
  } catch (const mqtt::exception& error) {
    return error.get_message();
  }
  return {};
}

/// A text property, or an empty text.
std::string text_of(const mqtt::properties& properties, mqtt::property::code code) {
  return properties.contains(code) ? mqtt::get<std::string>(properties, code) : std::string{};
}

}  // namespace

int version_of(Protocol protocol) { return protocol == Protocol::mqtt_5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1; }

std::string paho_address(const Address& address) {
  const auto* const scheme = [&address] {
    switch (address.transport) {
      case Transport::tcp: return "tcp";
      case Transport::tls: return "ssl";
      case Transport::websocket: return "ws";
      case Transport::websocket_tls: return "wss";
    }
    return "tcp";
  }();
  return fmt::format("{}://{}{}", scheme, Endpoint{address.host, address.port}.text(), address.path);
}

mqtt::message_ptr as_message(const Message& message, Protocol protocol) {
  auto result = mqtt::make_message(message.topic, message.payload, message.quality_of_service, message.retain);
  if (protocol != Protocol::mqtt_5) return result;
  mqtt::properties properties;
  properties.add({mqtt::property::PAYLOAD_FORMAT_INDICATOR, 1});
  properties.add({mqtt::property::CONTENT_TYPE, message.content_type});
  if (message.expiry) {
    properties.add({mqtt::property::MESSAGE_EXPIRY_INTERVAL, static_cast<std::int32_t>(message.expiry->count())});
  }
  if (!message.correlation.empty()) properties.add({mqtt::property::CORRELATION_DATA, message.correlation});
  result->set_properties(std::move(properties));
  return result;
}

Result<void> fill_in(mqtt::connect_options& options, const BrokerSettings& settings, const Approach& approach) {
  options.set_mqtt_version(version_of(settings.protocol));
  options.set_keep_alive_interval(settings.keep_alive);
  options.set_connect_timeout(connect_timeout);
  const bool is_visit = approach.will.message.topic.empty();
  // A service knows us by the gateway's own id only, so a visit to it finds the agent's session, which is to stay.
  const bool is_guest = (is_visit && !settings.service) || settings.session == Session::ends;
  is_guest ? leave_nothing(options, settings.protocol) : keep_session(options, settings.protocol);
  if (const auto entered = log_in(options, settings, approach); !entered) return entered;
  if (approach.address.is_secured()) options.set_ssl(as_tls(approach.tls, approach.alpn));
  if (!is_visit) options.set_will(as_will(approach.will, settings.protocol));
  return {};
}

Incoming as_incoming(const mqtt::message& message) {
  Incoming result;
  const auto& payload = message.get_payload_ref();
  result.topic = message.get_topic();
  result.payload.assign(payload.data(), std::min(payload.length(), longest_incoming));
  result.retained = message.is_retained();
  const auto& properties = message.get_properties();
  result.content_type = text_of(properties, mqtt::property::CONTENT_TYPE);
  result.response_topic = text_of(properties, mqtt::property::RESPONSE_TOPIC);
  result.correlation = text_of(properties, mqtt::property::CORRELATION_DATA);
  return result;
}

Welcome as_welcome(const mqtt::connect_response& response) {
  Welcome welcome;
  welcome.session_present = response.is_session_present();
  const auto& properties = response.get_properties();
  if (properties.contains(mqtt::property::RECEIVE_MAXIMUM)) {
    welcome.receive_maximum = mqtt::get<std::uint16_t>(properties, mqtt::property::RECEIVE_MAXIMUM);
  }
  return welcome;
}

/// Paho says MQTT 5's reason in the return code here, and has -1 for whatever went wrong before.
Rejection rejection(mqtt::token& token, bool secured) {
  const int code = token.get_return_code();
  if (code >= mqtt::ReasonCode::UNSPECIFIED_ERROR)
    return {"rejects us: " + mqtt::exception::reason_code_str(code), true};
  switch (code) {  // of a CONNACK, MQTT 3.1.1 table 3.1
    case 1: return {"rejects us: does not speak this version of MQTT; try another broker.protocol", true};
    case 2: return {"rejects us: does not take the gateway's id as a client id", true};
    case 3: return {"rejects us: is not available", true};
    case 4: return {"rejects us: does not accept user name and password", true};
    case 5: return {"rejects us: does not let this gateway in", true};
    default: break;
  }
  const auto words = words_of(token);
  if (words == ended_after_connect) {
    return {secured ? "rejects us: ends the connection at the login without a word, as brokers do whom a certificate "
                      "does not please; check that ours is known there, valid and active"
                    : "rejects us: ends the connection at the login without a word",
            true, secured};
  }
  return {secured ? "cannot be reached, or the certificates do not match; check address, authority and the clock"
                  : "cannot be reached",
          false, secured && words == ended_before};
}

Rejection explained(const Rejection& rejection, const Result<TlsWelcome>& visit) {
  if (!visit && visit.error().fault != Fault::refused) return {"cannot be reached: " + visit.error().detail};
  if (visit && !visit->not_trusted.empty()) {
    return {
        fmt::format("shows a certificate that we cannot trust ({}; for {}, by {}); check the host name, broker.tls.ca "
                    "and the clock",
                    visit->not_trusted, visit->certificate.name, visit->issuer),
        true};
  }
  const auto why = visit ? visit->refusal : visit.error().detail;
  if (why.empty()) return rejection;
  return {
      fmt::format("turns us away in TLS ({}); check that our certificate is known there, valid and active, and that "
                  "this is the port with TLS",
                  why),
      true};
}

std::string farewell(mqtt::ReasonCode code) {
  return fmt::format("the broker ends the connection: {} (0x{:02x})", mqtt::exception::reason_code_str(code),
                     static_cast<int>(code));
}

bool is_for_now(const mqtt::token& token) {
  const auto code = token.get_reason_code();
  return code == mqtt::ReasonCode::QUOTA_EXCEEDED || !says_no(code);
}

std::string refusal(const mqtt::token& token, bool succeeded) {
  if (says_no(token.get_reason_code())) return mqtt::exception::reason_code_str(token.get_reason_code());
  return succeeded ? std::string{} : "not sent: " + mqtt::exception::error_str(token.get_return_code());
}

std::string refused_subscription(const mqtt::token& token, bool succeeded) {
  const auto codes = succeeded ? token.get_subscribe_response().get_reason_codes() : std::vector<mqtt::ReasonCode>{};
  for (const auto code : codes) {
    if (static_cast<int>(code) == refused_3_1_1) return "not authorized";
    if (says_no(code)) return mqtt::exception::reason_code_str(code);
  }
  return refusal(token, succeeded);
}

}  // namespace fettle::delivery
