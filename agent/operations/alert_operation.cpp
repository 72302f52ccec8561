#include "operations/alert_operation.hpp"

#include <fmt/format.h>

namespace fettle::operations {

FoundEpisode find_open(Desk& desk, const std::string& id) {
  auto* episode = desk.works.is_held(id) ? nullptr : desk.works.episode(id);
  if (episode != nullptr && episode->is_open()) return {episode};
  const auto stored = desk.ledger.read([&id](store::Journal& journal) { return journal.find(id); });
  if (episode != nullptr || stored) {
    return {nullptr, refusal(409, fmt::format("alert {} is closed", id), "a closed alert never changes")};
  }
  return {nullptr, refusal(404, fmt::format("there is no alert {}", id), "status.open lists what is open")};
}

Deed revised(std::vector<Alert> alerts) {
  Deed deed;
  const auto& latest = alerts.back();
  deed.answer.body["id"] = latest.id;
  deed.answer.body["rev"] = latest.rev;
  deed.answer.body["state"] = name_of(latest.state);
  deed.alerts = std::move(alerts);
  return deed;
}

Deed malformed(const Arguments& arguments) { return refusal(400, arguments.mistake()); }

}  // namespace fettle::operations
