#include "delivery/service_command.hpp"

#include "core/level.hpp"
#include "delivery/json_members.hpp"
#include "delivery/json_writer.hpp"
#include "delivery/jws.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace fettle::delivery {
namespace {

namespace json = boost::json;

/// Long enough for its way through the gate; services deliver late commands by their own rules.
constexpr std::int64_t life = 60;
constexpr auto no_operation = "unknown";
constexpr int internal_error = 500;

std::optional<json::value> parsed(std::string_view text) {
  boost::system::error_code code;
  auto value = json::parse(text, code);
  return code ? std::nullopt : std::optional{std::move(value)};
}

json::object object_of(const json::object& object, std::string_view key) {
  const auto* const value = object.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : json::object{};
}

std::string as_level(const std::string& op) { return is_level(op) ? op : no_operation; }

OwnCommand claims(const ServiceCommand& command, const std::string& op, json::object args, Time now) {
  const auto issued = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const json::object claims{{"jti", command.id},      {"iss", command.requester}, {"aud", command.gateway},
                            {"iat", issued},          {"exp", issued + life},     {"op", as_level(op)},
                            {"args", std::move(args)}};
  return {as_level(op), json_text(claims)};
}

OwnCommand signed_command(const ServiceCommand& command, std::string jws) {
  auto op = command.op;
  const auto parts = take_apart(jws);
  const auto inner = parts ? parsed(parts->payload) : std::nullopt;
  if (op.empty() && inner && inner->is_object()) op = text_of(inner->get_object(), "op");
  return {as_level(op), std::move(jws)};
}

OwnCommand from_object(const ServiceCommand& command, const json::object& object, Time now) {
  if (object.contains("CommandName")) {
    return claims(command, text_of(object, "CommandName"), object_of(object, "Parameters"), now);
  }
  if (object.contains("jti") && object.contains("aud")) {
    return {as_level(command.op.empty() ? text_of(object, "op") : command.op), command.payload};
  }
  if (command.op.empty()) return claims(command, text_of(object, "op"), object_of(object, "args"), now);
  return claims(command, command.op, object, now);
}

}  // namespace

OwnCommand as_own(const ServiceCommand& command, Time now) {
  if (is_jws(command.payload)) return signed_command(command, command.payload);
  const auto value = command.payload.empty() ? json::value{} : parsed(command.payload);
  if (value && value->is_object()) return from_object(command, value->get_object(), now);
  if (value && value->is_null() && !command.op.empty()) return claims(command, command.op, {}, now);
  if (value && value->is_string() && is_jws(std::string_view{value->get_string()})) {
    return signed_command(command, json::value_to<std::string>(*value));
  }
  return {as_level(command.op), command.payload};
}

int status_of_answer(std::string_view document) {
  const auto value = parsed(document);
  const auto* const status = value && value->is_object() ? value->get_object().if_contains("status") : nullptr;
  return status != nullptr && status->is_int64() ? static_cast<int>(status->get_int64()) : internal_error;
}

}  // namespace fettle::delivery
