#include "advisory/ulid.hpp"
#include "agent.hpp"
#include "delivery/alert_document.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <set>
#include <utility>

// What the agent remembers of its former lives, and of its former settings.

namespace fettle {
namespace {

constexpr std::size_t most_outcomes = 1'000;

}  // namespace

void Agent::recall() {
  std::size_t recalled = 0;
  for (auto* part : works_->pipeline.learned()) recalled += recall(*part) ? 1U : 0U;
  recall_alerts();
  recall_outcomes();
  recall_wear();
  kept_ = clock_.now();
  if (recalled > 0) spdlog::info("recalled what {} parts had learned", recalled);
}

bool Agent::recall(Stateful& part) {
  const auto bytes = ledger_->load_state(part);
  if (!bytes) return false;
  StateReader reader{*bytes};
  if (part.restore(reader)) return true;
  spdlog::warn("{}: what it had learned does not fit any more; it learns anew", part.state_id());
  return false;
}

/// How the points of buses that have just begun usually move.
void Agent::recall_quality() {
  for (auto* part : buses_.started()) recall(*part);
}

/// What the former settings did not know may have been learned under earlier ones.
void Agent::recall_learned(Works& former) {
  std::set<std::pair<std::string, std::uint64_t>> handed_over;
  for (const auto* part : former.pipeline.learned()) handed_over.emplace(part->state_id(), part->settings_hash());
  for (auto* part : works_->pipeline.learned()) {
    if (!handed_over.contains({part->state_id(), part->settings_hash()})) recall(*part);
  }
}

/// Open alerts that the former settings could not follow, such as those of a machine with a mistake.
void Agent::recall_unfollowed() {
  for (const auto& stored : ledger_->read(&store::Journal::open_documents)) {
    if (works_->episode(stored.id) != nullptr) continue;
    const auto alert = delivery::parse_alert_document(stored.document);
    if (alert) works_->restore(*alert);
  }
}

void Agent::recall_alerts() {
  for (const auto& closed : ledger_->read(&store::Journal::last_closed)) {
    Alert alert;
    const auto slash = closed.slot.find('/');
    alert.asset = closed.slot.substr(0, slash);
    alert.mode = closed.slot.substr(slash + 1);
    alert.id = closed.id;
    alert.state = AlertState::closed;
    alert.raised_at = advisory::time_of_ulid(closed.id).value_or(closed.closed_at);
    alert.closed_at = closed.closed_at;
    works_->restore(alert);
  }
  for (const auto& stored : ledger_->read(&store::Journal::open_documents)) {
    auto alert = delivery::parse_alert_document(stored.document);
    if (!alert) {
      spdlog::error("journal: the document of {} cannot be read: {}", stored.slot, alert.error().detail);
    } else if (!works_->restore(*alert) && works_->installation.confined.empty()) {
      // Where a mistake has disabled something, that may be its machine: it comes back when the mistake is mended.
      publisher_.close_orphan(std::move(*alert), clock_.now());
    }
  }
}

/// Trust in the failure modes is made of how their alerts have ended.
void Agent::recall_outcomes() {
  auto outcomes = ledger_->read([](store::Journal& journal) { return journal.outcomes(most_outcomes); });
  std::reverse(outcomes.begin(), outcomes.end());
  for (const auto& each : outcomes) {
    const auto alert = delivery::parse_alert_document(each.document);
    if (alert && alert->outcome) works_->pipeline.recall_outcome(each.slot, *alert->outcome);
  }
}

}  // namespace fettle
