#pragma once

#include "delivery/command_gate.hpp"
#include "sample_commands.hpp"
#include "support/signing.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <utility>

namespace fettle::delivery {

/// A gate of gw-0042 where dispatch may do all of the contract, plant may only read, and strangers what the defaults allow.
class CommandGateTest : public ::testing::Test {
 protected:
  using Answers = std::map<std::pair<std::string, std::string>, std::string>;

  static CommandSettings usual_settings(const test::KeyPair& pair) {
    CommandSettings settings;
    Requester dispatch{"dispatch", {}, {PublicKey::from_file(pair.public_key).value()}};
    for (const auto& each : contract_operations()) dispatch.operations.emplace(each.name);
    settings.requesters.emplace("dispatch", dispatch);
    settings.requesters.emplace("plant", Requester{"plant", {"read", "diag"}, {}});
    return settings;
  }

  CommandGate gate_with(CommandSettings settings) {
    return CommandGate{"fettle/v1", "gw-0042", std::move(settings), tier_in_contract,
                       [this](const std::string& requester, const std::string& jti) {
                         const auto found = answers_.find({requester, jti});
                         return found == answers_.end() ? std::nullopt : std::optional{found->second};
                       }};
  }

  CommandGate::Passage inspect(const Incoming& message, Time now = command_time()) {
    return gate_.inspect(message, now, true);
  }
  bool accepts(const Incoming& message, Time now = command_time()) {
    return std::holds_alternative<CommandGate::Accepted>(inspect(message, now));
  }
  bool drops(const Incoming& message) { return std::holds_alternative<CommandGate::Dropped>(inspect(message)); }

  /// The answer of a refusal; null if it is none.
  static boost::json::value refusal(const CommandGate::Passage& passage) {
    const auto* const refused = std::get_if<CommandGate::Refused>(&passage);
    return refused == nullptr ? boost::json::value{} : boost::json::parse(refused->document);
  }
  /// Its status; 0 if it is none.
  static std::int64_t status_of(const CommandGate::Passage& passage) {
    const auto answer = refusal(passage);
    return answer.is_null() ? 0 : answer.at("status").as_int64();
  }
  std::int64_t status(const Incoming& message, Time now = command_time()) { return status_of(inspect(message, now)); }

  std::uint64_t count(const std::string& end) const {
    const auto found = gate_.counts().find(end);
    return found == gate_.counts().end() ? 0 : found->second;
  }

  /// The claims as dispatch signs them, on their topic.
  Incoming signed_command(const boost::json::object& claims) const {
    auto message = command(claims);
    message.payload = test::sign(message.payload, pair_.private_key);
    message.content_type = "application/jose";
    return message;
  }

  test::TempDir folder_;
  test::KeyPair pair_ = test::make_key_pair(folder_.path(), "dispatch", test::KeyKind::p256);
  Answers answers_;
  CommandGate gate_ = gate_with(usual_settings(pair_));
};

}  // namespace fettle::delivery
