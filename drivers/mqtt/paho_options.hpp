#pragma once

#include "mqtt/broker_settings.hpp"

#include <mqtt/async_client.h>

#include <string>

/// Between our words and Paho's.
namespace fettle::mqtt_input {

int version_of(Version version);

/// "ssl://broker.example:8883".
std::string paho_address(const BrokerSettings& settings);

/// Fills in what a CONNECT needs, with the password as its file holds it now. The options are filled in where they lie, for moving them
/// would leave MQTT 5's properties behind (Paho C++ 1.2.0).
Result<void> fill_in(mqtt::connect_options& options, const BrokerSettings& settings);

/// Why there is no connection.
std::string rejection(const mqtt::token& token, bool secured);

/// Why a subscription was not taken; empty if it was.
std::string refused_subscription(const mqtt::token& token, bool succeeded);

}  // namespace fettle::mqtt_input
