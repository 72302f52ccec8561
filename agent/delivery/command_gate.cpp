#include "delivery/command_gate.hpp"

#include "core/level.hpp"
#include "delivery/jws.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace fettle::delivery {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest = 16'384;
constexpr std::size_t longest_correlation = 1'024;

/// How far a sender's clock may differ from ours, both being kept right; and whole seconds round.
constexpr Duration skew = 5s;
/// A command from further in the future than that tells of a sender whose clock is wrong.
constexpr Duration future = 5min;

/// Refusals that are answered for each command that would be accepted; beyond that it is a flood.
constexpr std::size_t refusals = 10;

struct TierFacts {
  std::string_view name;
  Duration longest_life{};
};

TierFacts facts_of(Tier tier) {
  switch (tier) {
    case Tier::read: return {"read", 2min};
    case Tier::service: return {"service", Days{30}};
    case Tier::maintenance: return {"maintenance", 10min};
  }
  return {};
}

constexpr std::string_view signed_content = "application/jose";

}  // namespace

/// A command on its way through the checks.
struct CommandGate::Letter {
  const Incoming* message = nullptr;
  Time now{};
  bool clock_is_right = false;
  ReplyTo to = {};
  std::string op = {};   ///< of the topic
  std::string jti = {};  ///< as soon as it can be read
  std::optional<Jws> jws = std::nullopt;
  Claims claims = {};
  Tier tier = Tier::read;
};

/// What a command is refused for: the name it is counted under, and the answer.
struct CommandGate::Refusal {
  std::string end;
  Answer answer;

  Refusal(std::string counted, int status, std::string error, std::string hint = {})
      : end{std::move(counted)}, answer{status, {}, std::move(error), std::move(hint)} {}
};

CommandGate::CommandGate(std::string root, std::string gateway, CommandSettings settings, TierOf tier_of,
                         StoredAnswer stored_answer)
    : root_{std::move(root)},
      gateway_{std::move(gateway)},
      settings_{std::move(settings)},
      tier_of_{std::move(tier_of)},
      stored_answer_{std::move(stored_answer)},
      accepted_{static_cast<std::size_t>(settings_.rate_per_minute)},
      refused_{refusals * static_cast<std::size_t>(settings_.rate_per_minute)} {
  for (const auto& [name, requester] : settings_.requesters) {
    accepted_.expect(name);
    refused_.expect(name);
  }
}

const Requester* CommandGate::listed(const std::string& name) const {
  const auto found = settings_.requesters.find(name);
  return found == settings_.requesters.end() ? nullptr : &found->second;
}

CommandGate::Passage CommandGate::inspect(const Incoming& message, Time now, bool clock_is_right) {
  constexpr std::array<Check, 8> checks{&CommandGate::open,
                                        &CommandGate::check_audience,
                                        &CommandGate::check_operation,
                                        &CommandGate::check_requester,
                                        &CommandGate::check_tier,
                                        &CommandGate::check_life,
                                        &CommandGate::check_permission,
                                        &CommandGate::check_signature};
  if (message.retained) return drop("retained", "a retained message is no command");
  auto letter = address(message);
  if (!letter) return drop("unaddressed", "not on a topic for commands");
  letter->now = now;
  letter->clock_is_right = clock_is_right;
  const auto standard = fmt::format("{}/{}/res/{}", root_, gateway_, letter->to.requester);
  if (!message.response_topic.empty() && message.response_topic != standard) ++counts_["response_topic_ignored"];
  for (const auto check : checks) {
    if (const auto refusal = (this->*check)(*letter)) return refuse(*letter, *refusal);
  }
  return admit(*letter);
}

/// Requester and operation from `{root}/{gw}/cmd/{requester}/{op}`, where the broker vouches for the requester.
std::optional<CommandGate::Letter> CommandGate::address(const Incoming& message) const {
  const auto prefix = fmt::format("{}/{}/cmd/", root_, gateway_);
  if (!message.topic.starts_with(prefix)) return std::nullopt;
  const auto rest = std::string_view{message.topic}.substr(prefix.size());
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto requester = rest.substr(0, slash);
  const auto op = rest.substr(slash + 1);
  if (!is_level(requester) || !is_level(op)) return std::nullopt;
  Letter letter;
  letter.message = &message;
  letter.to.requester = requester;
  if (message.correlation.size() <= longest_correlation) letter.to.correlation = message.correlation;
  letter.op = op;
  return letter;
}

std::optional<CommandGate::Refusal> CommandGate::open(Letter& letter) const {
  const auto& payload = letter.message->payload;
  if (payload.size() > largest || letter.message->correlation.size() > longest_correlation) {
    return Refusal{"oversized", 413, "the command is too large", "at most 16 KiB, with 1 KiB of Correlation Data"};
  }
  const auto malformed = [](const std::string& why) { return Refusal{"malformed", 400, why}; };
  if (letter.message->content_type == signed_content || is_jws(payload)) {
    auto jws = take_apart(payload);
    if (!jws) return malformed(jws.error().detail);
    letter.jws = std::move(*jws);
  }
  const auto& text = letter.jws ? letter.jws->payload : payload;
  auto claims = parse_claims(text);
  letter.jti = claims ? claims->jti : readable_jti(text);
  if (!claims) return malformed(claims.error().detail);
  letter.claims = std::move(*claims);
  return std::nullopt;
}

std::optional<CommandGate::Refusal> CommandGate::check_audience(Letter& letter) const {
  if (letter.claims.aud == gateway_) return std::nullopt;
  return Refusal{"foreign_audience", 403, "the command is for another gateway", "aud is the gateway's id"};
}

std::optional<CommandGate::Refusal> CommandGate::check_operation(Letter& letter) const {
  if (letter.claims.op == letter.op) return std::nullopt;
  return Refusal{"op_mismatch", 400, "op is not the one of the topic", "the topic ends with the command's op"};
}

std::optional<CommandGate::Refusal> CommandGate::check_requester(Letter& letter) const {
  if (letter.claims.iss == letter.to.requester) return std::nullopt;
  return Refusal{"foreign_requester", 403, "iss is not the requester of the topic"};
}

std::optional<CommandGate::Refusal> CommandGate::check_tier(Letter& letter) const {
  const auto tier = tier_of_(letter.op);
  if (!tier) return Refusal{"unknown_op", 404, "there is no such operation", "info lists the operations under ops"};
  letter.tier = *tier;
  return std::nullopt;
}

std::optional<CommandGate::Refusal> CommandGate::check_life(Letter& letter) const {
  const auto& [name, longest_life] = facts_of(letter.tier);
  const auto& claims = letter.claims;
  if (!letter.clock_is_right && letter.tier == Tier::maintenance) {
    return Refusal{"clock", 425, "clock", "the gateway's clock is not synchronised yet, so a command's age is unknown"};
  }
  const auto from = letter.clock_is_right ? letter.now : claims.issued;
  if (claims.expires <= from) {
    return Refusal{"expired", 408, fmt::format("expired at {}", to_rfc3339(claims.expires)),
                   fmt::format("it is {} here; compare the sender's clock", to_rfc3339(letter.now))};
  }
  if (claims.expires - from > longest_life + skew) {
    return Refusal{"lives_too_long", 400, "exp is too far ahead",
                   fmt::format("{} operations live for at most {}; it is {} here", name, to_words(longest_life),
                               to_rfc3339(letter.now))};
  }
  if (claims.issued > from + future) {
    return Refusal{"from_the_future", 400, "iat lies in the future",
                   fmt::format("it is {} here; compare the sender's clock", to_rfc3339(letter.now))};
  }
  return std::nullopt;
}

std::optional<CommandGate::Refusal> CommandGate::check_permission(Letter& letter) const {
  const auto* const requester = listed(letter.to.requester);
  const bool may = requester != nullptr ? requester->operations.contains(letter.op)
                                        : settings_.anybody && letter.tier != Tier::maintenance;
  if (may) return std::nullopt;
  return Refusal{"not_allowed", 403, fmt::format("{} may not ask for {}", letter.to.requester, letter.op),
                 "the gateway's site file lists who may, under commands"};
}

/// A signature that nobody asked for is checked as well: one that is there is right.
std::optional<CommandGate::Refusal> CommandGate::check_signature(Letter& letter) const {
  if (!letter.jws) {
    if (letter.tier != Tier::maintenance) return std::nullopt;
    return Refusal{"unsigned", 401, "maintenance operations must be signed", "send the claims as a compact JWS"};
  }
  const auto* const requester = listed(letter.to.requester);
  const auto verified =
      verify(*letter.jws, requester != nullptr ? std::span{requester->keys} : std::span<const PublicKey>{});
  if (verified) return std::nullopt;
  return Refusal{"forged", 401, verified.error().detail, "the gateway's site file names the requester's public keys"};
}

CommandGate::Passage CommandGate::admit(const Letter& letter) {
  if (auto answer = stored_answer_(letter.to.requester, letter.jti)) {
    if (refused_.delay(letter.to.requester, letter.now)) return drop("flood", "too many repetitions");
    ++counts_["repeated"];
    return Refused{letter.to, std::move(*answer)};
  }
  if (const auto delay = accepted_.delay(letter.to.requester, letter.now)) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(*delay).count();
    return refuse(letter, {"too_many", 429, fmt::format("more than {} commands a minute", settings_.rate_per_minute),
                           fmt::format("try again in {} s", wait)});
  }
  ++counts_["accepted"];
  return Accepted{letter.to, letter.claims, letter.tier};
}

CommandGate::Passage CommandGate::refuse(const Letter& letter, const Refusal& refusal) {
  ++counts_[refusal.end];
  if (refused_.delay(letter.to.requester, letter.now)) return drop("flood", "too many refusals: " + refusal.end);
  return Refused{letter.to, answer_document(letter.jti, letter.op, refusal.answer, letter.now)};
}

CommandGate::Passage CommandGate::drop(const std::string& end, std::string why) {
  ++counts_[end];
  return Dropped{std::move(why)};
}

}  // namespace fettle::delivery
