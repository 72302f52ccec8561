#include "command_desk.hpp"

#include "operations/operation.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>

namespace fettle {
namespace {

using delivery::CommandGate;

constexpr std::size_t most_given = 64;  ///< answers to questions, which expire after two minutes
constexpr int first_failure = 400;

}  // namespace

CommandDesk::CommandDesk(const delivery::GatewayFacts& gateway, delivery::CommandSettings settings, Ledger& ledger,
                         Publisher& publisher, MakeDesk make_desk, Reply reply)
    : ledger_{ledger},
      publisher_{publisher},
      make_desk_{std::move(make_desk)},
      reply_{std::move(reply)},
      gate_{gateway.root, gateway.id, std::move(settings), operations::tier_of,
            [this](const std::string& requester, const std::string& jti) { return stored_answer(requester, jti); }} {}

void CommandDesk::take(const delivery::Incoming& message, Time now, bool clock_is_right) {
  const auto passage = gate_.inspect(message, now, clock_is_right);
  if (const auto* dropped = std::get_if<CommandGate::Dropped>(&passage)) {
    return spdlog::warn("a command on {} is dropped: {}", message.topic, dropped->why);
  }
  if (const auto* refused = std::get_if<CommandGate::Refused>(&passage)) {
    return reply_(refused->to, refused->document);
  }
  carry_out(std::get<CommandGate::Accepted>(passage), now);
}

std::optional<std::string> CommandDesk::stored_answer(const std::string& requester, const std::string& jti) {
  const auto same = [&](const Given& each) { return each.requester == requester && each.jti == jti; };
  const auto given = std::find_if(given_.begin(), given_.end(), same);
  if (given != given_.end()) return given->document;
  return ledger_.read([&](store::Journal& journal) { return journal.answer_to(requester, jti); });
}

void CommandDesk::carry_out(const CommandGate::Accepted& accepted, Time now) {
  const auto& claims = accepted.claims;
  auto desk = make_desk_();
  auto deed = operations::perform(desk, claims);
  auto document = delivery::answer_document(claims.jti, claims.op, deed.answer, now);
  spdlog::info("{} asks for {}: {}{}", claims.who(), claims.op, deed.answer.status,
               deed.answer.error.empty() ? "" : " " + deed.answer.error);
  if (accepted.tier == delivery::Tier::read) {
    publisher_.publish(now, std::move(deed.alerts));
    remember({accepted.to.requester, claims.jti, document});
  } else if (deed.answer.status < first_failure) {
    publisher_.publish(std::move(deed.alerts), {accepted.to.requester, claims.jti, claims.expires, document});
  }
  reply_(accepted.to, std::move(document));
  if (deed.afterwards) deed.afterwards();
}

void CommandDesk::remember(Given given) {
  given_.push_back(std::move(given));
  if (given_.size() > most_given) given_.pop_front();
}

}  // namespace fettle
