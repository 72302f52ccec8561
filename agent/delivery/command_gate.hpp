#pragma once

#include "delivery/broker.hpp"
#include "delivery/command.hpp"
#include "delivery/command_settings.hpp"
#include "delivery/rate_limit.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace fettle::delivery {

/// Which operations there are. Unknown ones are refused with 404.
using TierOf = std::function<std::optional<Tier>(std::string_view op)>;

/// The stored answer to a command that has been carried out already.
using StoredAnswer = std::function<std::optional<std::string>(const std::string& requester, const std::string& jti)>;

/// Where commands come in, and the checks of contract 3.3 in its order: retained, size, audience, op, requester, expiry by tier, the
/// table of requesters, signature, repetition, rate. What is dropped without an answer, and what is refused with one, is counted.
/// Nothing is remembered of a command before all checks are passed, but how often its requester was refused: whoever is refused too
/// often gets no more answers for a while.
class CommandGate {
 public:
  /// Not worth an answer: retained, or from nobody who could be answered.
  struct Dropped {
    std::string why;
  };
  /// The answer to send; nothing is done.
  struct Refused {
    ReplyTo to;
    std::string document;
  };
  struct Accepted {
    ReplyTo to;
    Claims claims;
    Tier tier = Tier::read;
  };
  using Passage = std::variant<Dropped, Refused, Accepted>;

  /// `root` and `gateway` are the topic's first levels.
  CommandGate(std::string root, std::string gateway, CommandSettings settings, TierOf tier_of,
              StoredAnswer stored_answer);

  /// A repetition comes back as Refused with the stored answer. While the clock is not right, nothing can be told about a command's age
  /// but how long it was meant to live.
  Passage inspect(const Incoming& message, Time now, bool clock_is_right);

  /// How many commands came to which end: "accepted", "retained", "oversized", "expired", "forged", "repeated", ... for `diag`.
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

 private:
  struct Letter;
  struct Refusal;
  using Check = std::optional<Refusal> (CommandGate::*)(Letter&) const;

  std::optional<Letter> address(const Incoming& message) const;
  std::optional<Refusal> open(Letter& letter) const;
  std::optional<Refusal> check_audience(Letter& letter) const;
  std::optional<Refusal> check_operation(Letter& letter) const;
  std::optional<Refusal> check_requester(Letter& letter) const;
  std::optional<Refusal> check_tier(Letter& letter) const;
  std::optional<Refusal> check_life(Letter& letter) const;
  std::optional<Refusal> check_permission(Letter& letter) const;
  std::optional<Refusal> check_signature(Letter& letter) const;
  Passage admit(const Letter& letter);
  Passage refuse(const Letter& letter, const Refusal& refusal);
  Passage drop(const std::string& end, std::string why);
  const Requester* listed(const std::string& name) const;

  std::string root_, gateway_;
  CommandSettings settings_;
  TierOf tier_of_;
  StoredAnswer stored_answer_;
  RateLimit accepted_, refused_;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace fettle::delivery
