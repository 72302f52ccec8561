#pragma once

#include "delivery/command_gate.hpp"
#include "delivery/delivery.hpp"
#include "desk.hpp"
#include "publisher.hpp"

#include <deque>
#include <functional>
#include <string>

namespace fettle {

/// Where the back office's commands are carried out: through the gate, to their operation, into the journal together with the answer, and
/// only then back to the requester. The same command again has the same answer and no second effect.
class CommandDesk {
 public:
  using MakeDesk = std::function<Desk()>;
  using Reply = std::function<void(const delivery::ReplyTo& to, std::string document)>;

  CommandDesk(const delivery::GatewayFacts& gateway, delivery::CommandSettings settings, Ledger& ledger,
              Publisher& publisher, MakeDesk make_desk, Reply reply);

  void take(const delivery::Incoming& message, Time now, bool clock_is_right);

  /// How many commands came to which end.
  const std::map<std::string, std::uint64_t>& counts() const { return gate_.counts(); }

 private:
  /// The answer to a question without an effect; needs to outlive no restart.
  struct Given {
    std::string requester, jti, document;
  };

  std::optional<std::string> stored_answer(const std::string& requester, const std::string& jti);
  void carry_out(const delivery::CommandGate::Accepted& accepted, Time now);
  void remember(Given given);

  Ledger& ledger_;
  Publisher& publisher_;
  MakeDesk make_desk_;
  Reply reply_;
  std::deque<Given> given_;
  delivery::CommandGate gate_;
};

}  // namespace fettle
