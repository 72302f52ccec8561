#pragma once

#include "core/result.hpp"
#include "delivery/broker.hpp"
#include "delivery/broker_settings.hpp"

#include <mqtt/async_client.h>
#include <string>

/// Between our words and Paho's.
namespace fettle::delivery {

int version_of(Protocol protocol);

/// "ssl://broker.example:8883".
std::string paho_address(const Address& address);

mqtt::message_ptr as_message(const Message& message, Protocol protocol);

/// Reads the password and takes the certificate's files as they are now. Fails if there is no password where there should be one.
Result<mqtt::connect_options> as_options(const BrokerSettings& settings, const Approach& approach);

Incoming as_incoming(const mqtt::message& message);

Welcome as_welcome(const mqtt::connect_response& response);

/// Why there is no connection.
std::string rejection(const mqtt::token& token, bool secured);

/// Why a message was not taken; empty if it was.
std::string refusal(const mqtt::token& token, bool succeeded);

/// Why a subscription was not taken; empty if it was.
std::string refused_subscription(const mqtt::token& token, bool succeeded);

}  // namespace fettle::delivery
