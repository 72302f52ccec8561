#pragma once

#include "delivery/broker.hpp"
#include "delivery/command_gate.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fettle::delivery {

/// When the sample commands arrive: whole seconds, as their claims count.
inline Time command_time() { return *parse_rfc3339("2026-11-24T14:31:00Z"); }

inline std::int64_t unix_seconds(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// The claims of a `close` by dispatch for gw-0042, made now, that lives for a minute.
inline boost::json::object close_claims() {
  const auto now = unix_seconds(command_time());
  return {{"jti", "8f1f5a1e"}, {"iss", "dispatch"}, {"sub", "m.lee"}, {"aud", "gw-0042"},
          {"iat", now},        {"exp", now + 60},   {"op", "close"},  {"args", {{"id", "01JD8Q4Z7T3V9XK2M5N6P8R0SA"}}}};
}

/// The same with some claims changed.
inline boost::json::object claims_with(
    std::initializer_list<std::pair<boost::json::string_view, boost::json::value_ref>> changes) {
  auto claims = close_claims();
  for (const auto& [name, value] : boost::json::object(changes)) claims[name] = value;
  return claims;
}

/// The same for another operation.
inline boost::json::object claims_for(std::string_view op) { return claims_with({{"op", op}}); }

inline Incoming on_topic(const std::string& topic, std::string payload) {
  Incoming message;
  message.topic = topic;
  message.payload = std::move(payload);
  return message;
}

/// As its claims say, on its own topic.
inline Incoming command(const boost::json::object& claims) {
  const auto level = [&claims](std::string_view name) { return boost::json::value_to<std::string>(claims.at(name)); };
  return on_topic("fettle/v1/gw-0042/cmd/" + level("iss") + "/" + level("op"), boost::json::serialize(claims));
}

inline std::optional<Tier> tier_in_contract(std::string_view op) {
  for (const auto& each : contract_operations()) {
    if (each.name == op) return each.tier;
  }
  return std::nullopt;
}

}  // namespace fettle::delivery
