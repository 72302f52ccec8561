#include "agent.hpp"

#include "delivery/home_assistant.hpp"
#include "delivery/paho_broker.hpp"

#include <cstddef>
#include <set>
#include <sstream>

// What the agent speaks through: the broker's client, and the layers that the site file puts over it.

namespace fettle {
namespace {

constexpr auto announced_part = "home_assistant";
constexpr std::uint32_t announced_version = 1;

std::set<std::string> lines_of(const Bytes& bytes) {
  std::string characters;
  for (const auto each : bytes) characters += static_cast<char>(each);
  std::istringstream text{characters};
  std::set<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.insert(line);
  return lines;
}

Bytes as_bytes(const std::set<std::string>& lines) {
  Bytes bytes;
  for (const auto& line : lines) {
    for (const char each : line) bytes.push_back(static_cast<std::byte>(each));
    bytes.push_back(std::byte{'\n'});
  }
  return bytes;
}

delivery::AnnouncedTopics announced_topics(Ledger& ledger) {
  const auto recall = [&ledger] {
    const auto bytes = ledger.journal().load_state(announced_part, announced_version, 0);
    return bytes ? lines_of(*bytes) : std::set<std::string>{};
  };
  const auto keep = [&ledger](const std::set<std::string>& topics) {
    const std::vector<store::LearnedState> states{{announced_part, announced_version, 0, as_bytes(topics)}};
    ledger.write([&states](store::Journal& journal) { return journal.save_states(states); });
  };
  return {recall, keep};
}

}  // namespace

delivery::MakeBroker Agent::connection() {
  const auto plain = [this, settings = broker_, id = gateway_.id](delivery::BrokerListener& listener) {
    return std::make_unique<delivery::PahoBroker>(settings, id, home_.get_executor(), listener);
  };
  const delivery::LayerFacts facts{gateway_.id, gateway_.root, clock_, home_.get_executor()};
  const auto announced = announced_topics(*ledger_);
  // Switched off, it still takes back what it announced.
  if (broker_.retain == delivery::Retain::off || broker_.service ||
      (!broker_.home_assistant && announced.recall().empty())) {
    return delivery::behind_service(broker_, facts, plain);
  }
  return [facts, plain, announced, wanted = broker_.home_assistant](delivery::BrokerListener& listener) {
    return std::make_unique<delivery::HomeAssistant>(facts, wanted, announced, listener, plain);
  };
}

}  // namespace fettle
