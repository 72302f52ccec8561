// Whatever a broker brings on a command's topic, the gate drops it, refuses it with a readable answer, or lets a command pass that keeps
// the contract. The first two bytes say how it came; nobody here has the private key, so no maintenance operation passes.

#include "delivery/command_gate.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace fettle;
using namespace fettle::delivery;

constexpr Time arrival{std::chrono::seconds{1'795'530'660}};

CommandSettings usual_settings() {
  constexpr const char* key =
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC "
      "KEY-----\n";
  CommandSettings commands;
  commands.requesters.emplace("dispatch",
                              Requester{"dispatch", {"close", "diag", "config"}, {PublicKey::from_pem(key).value()}});
  return commands;
}

std::optional<Tier> tier_of(std::string_view op) {
  for (const auto& each : contract_operations()) {
    if (each.name == op) return each.tier;
  }
  return std::nullopt;
}

std::optional<std::string> stored(const std::string& /*requester*/, const std::string& jti) {
  return jti == "repeated" ? std::optional<std::string>{R"({"status":200})"} : std::nullopt;
}

Incoming message(std::uint8_t how, std::uint8_t where, std::string_view text) {
  constexpr std::array topics{"fettle/v1/gw-0042/cmd/dispatch/close", "fettle/v1/gw-0042/cmd/dispatch/config",
                              "fettle/v1/gw-0042/cmd/plant/diag"};
  Incoming message;
  message.retained = (how & 1U) != 0;
  if ((how & 2U) != 0) message.content_type = "application/jose";
  if ((how & 4U) != 0) message.response_topic = text.substr(0, 64);
  if ((how & 8U) != 0) message.correlation = text;
  message.topic = where < topics.size() ? topics.at(where) : "fettle/v1/gw-0042/cmd/" + std::string{text.substr(0, 64)};
  message.payload = text;
  return message;
}

void check(const CommandGate::Accepted& accepted) {
  const auto& claims = accepted.claims;
  const bool keeps = claims.aud == "gw-0042" && claims.iss == accepted.to.requester && !claims.jti.empty() &&
                     claims.jti.size() <= 64 && claims.expires > claims.issued && accepted.tier != Tier::maintenance;
  if (!keeps) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto usual = usual_settings();
  if (size < 2) return 0;
  CommandGate gate{"fettle/v1", "gw-0042", usual, tier_of, stored};
  const std::string text{bytes + 2, bytes + size};
  const auto passage = gate.inspect(message(bytes[0], bytes[1], text), arrival, (bytes[0] & 16U) != 0);
  if (gate.counts().empty()) std::abort();
  if (const auto* const accepted = std::get_if<CommandGate::Accepted>(&passage)) check(*accepted);
  if (const auto* const refused = std::get_if<CommandGate::Refused>(&passage)) {
    if (!boost::json::parse(refused->document).at("status").is_int64()) std::abort();
  }
  return 0;
}
