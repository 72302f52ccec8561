#pragma once

#include "core/result.hpp"
#include "delivery/broker.hpp"
#include "delivery/broker_settings.hpp"
#include "delivery/tls_visit.hpp"

#include <mqtt/async_client.h>
#include <string>

/// Between our words and Paho's.
namespace fettle::delivery {

int version_of(Protocol protocol);

/// "ssl://broker.example:8883".
std::string paho_address(const Address& address);

mqtt::message_ptr as_message(const Message& message, Protocol protocol);

/// Fills in what a CONNECT needs, with the password as its file holds it now. Fails if there is none where there should be one.
/// Whoever leaves no will comes for a visit only: the broker is to remember nothing of it.
/// The options are filled in where they lie, for moving them would leave MQTT 5's properties behind (Paho C++ 1.2.0).
Result<void> fill_in(mqtt::connect_options& options, const BrokerSettings& settings, const Approach& approach);

Incoming as_incoming(const mqtt::message& message);

Welcome as_welcome(const mqtt::connect_response& response);

/// Why there is no connection.
struct Rejection {
  std::string reason;
  bool is_of_broker = false;  ///< it does not let us in; else it did not even come to that
  bool is_of_tls = false;     ///< perhaps: a visit may tell more
};

/// Of an attempt to connect that has failed.
Rejection rejection(mqtt::token& token, bool secured);

/// The same, with what a visit has shown.
Rejection explained(const Rejection& rejection, const Result<TlsWelcome>& visit);

/// "the broker ends the connection: Not authorized (0x87)"
std::string farewell(mqtt::ReasonCode code);

/// Why a message was not taken; empty if it was.
std::string refusal(const mqtt::token& token, bool succeeded);

/// True if a message that was not taken may be taken later as it is.
bool is_for_now(const mqtt::token& token);

/// Why a subscription was not taken; empty if it was.
std::string refused_subscription(const mqtt::token& token, bool succeeded);

}  // namespace fettle::delivery
