#include "torture/ledger.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>

namespace fettle::test {
namespace {

using boost::json::object;

std::string text(const object& json, std::string_view name) {
  const auto* value = json.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
}

std::int64_t number(const object& json, std::string_view name) {
  const auto* value = json.if_contains(name);
  return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

LedgerRow row_of(const object& json) {
  const auto& alert = json.at("data").as_object();
  LedgerRow row;
  row.slot = text(json, "subject");
  row.event = text(json, "id");
  row.sequence = text(json, "sequence");
  row.id = text(alert, "id");
  row.rev = number(alert, "rev");
  row.state = text(alert, "state");
  row.kind = text(alert, "kind");
  row.previous = text(alert, "previous");
  row.priority = number(alert, "priority");
  row.count = number(alert, "count");
  row.acknowledged = alert.contains("ack");
  row.changed = parse_rfc3339(text(alert, "changedAt")).value();
  row.cleared = parse_rfc3339(text(alert, "clearedAt"));
  return row;
}

bool is_open(const LedgerRow& row) { return row.state != "closed"; }

}  // namespace

void Ledger::take(const Received& message) {
  if (message.payload.empty()) return;
  if (message.topic.find("/alert/") != std::string::npos) take_alert(message);
  if (message.topic.ends_with("/status")) take_status(message);
}

void Ledger::take_alert(const Received& message) {
  const auto row = row_of(boost::json::parse(message.payload).as_object());
  const auto known = documents_.find(row.event);
  if (known != documents_.end()) {
    if (!message.retained) ++repeats_;
    if (known->second != message.payload) breach(fmt::format("rule 4: {} came with other content", row.event));
    return;
  }
  documents_.emplace(row.event, message.payload);
  if (!message.topic.ends_with("/alert/" + row.slot)) breach(fmt::format("{} came on {}", row.event, message.topic));
  if (row.event != fmt::format("{}-{}", row.id, row.rev)) breach(fmt::format("{} is not <id>-<rev>", row.event));
  const auto [other, is_new] = sequences_.emplace(row.sequence, row.event);
  if (!is_new) breach(fmt::format("sequence {} is that of {} and of {}", row.sequence, other->second, row.event));
  advance(row);
}

void Ledger::advance(const LedgerRow& row) {
  const auto found = rows_.find(row.slot);
  const auto* before = found == rows_.end() ? nullptr : &found->second;
  if (before != nullptr && row.sequence <= before->sequence) {
    breach(fmt::format("{}: sequence falls from {} to {}", row.slot, before->event, row.event));
  }
  if (before == nullptr || before->id != row.id) {
    begin(row, before);
  } else if (row.rev <= before->rev) {
    breach(fmt::format("{}: {} came after {}", row.slot, row.event, before->event));
  } else if (!is_open(*before)) {
    breach(fmt::format("{}: {} came after the episode was closed", row.slot, row.event));
  }
  rows_[row.slot] = row;
}

/// A new episode. What came before on its slot has to be over, and has to be what it says.
void Ledger::begin(const LedgerRow& row, const LedgerRow* before) {
  auto& known = episodes_[row.slot];
  if (std::find(known.begin(), known.end(), row.id) != known.end()) {
    breach(fmt::format("{}: {} belongs to an episode that was over", row.slot, row.event));
    return;
  }
  known.push_back(row.id);
  if (before == nullptr) return;
  if (row.previous != before->id) {
    breach(fmt::format("{}: {} follows {}, but names \"{}\"", row.slot, row.event, before->event, row.previous));
  }
  if (!is_open(*before)) return;
  if (row.previous == before->id) {
    ++unseen_endings_;
    return;
  }
  ++doubled_;
  breach(fmt::format("rule 3: {}: {} is open beside {}", row.slot, row.event, before->event));
}

void Ledger::take_status(const Received& message) {
  const auto json = boost::json::parse(message.payload).as_object();
  // A broker that was killed may deliver once more what it had delivered already.
  if (text(json, "state") != "online" || !known_statuses_.insert(message.payload).second) return;
  const auto session = number(json, "session");
  const auto sequence = text(json, "sequence");
  if (session < session_) breach(fmt::format("session falls from {} to {}", session_, session));
  if (sequence < sequence_) breach(fmt::format("sequence falls from {} to {}", sequence_, sequence));
  session_ = std::max(session_, session);
  sequence_ = std::max(sequence_, sequence);
  queued_ = number(json, "queued");
  digest_.emplace();
  for (const auto& [slot, event] : json.at("open").as_object()) digest_->emplace(slot, event.as_string());
}

const LedgerRow* Ledger::row(const std::string& slot) const {
  const auto found = rows_.find(slot);
  return found == rows_.end() ? nullptr : &found->second;
}

std::size_t Ledger::episodes(const std::string& slot) const {
  const auto found = episodes_.find(slot);
  return found == episodes_.end() ? 0 : found->second.size();
}

std::size_t Ledger::episodes() const {
  std::size_t count = 0;
  for (const auto& [slot, ids] : episodes_) count += ids.size();
  return count;
}

std::map<std::string, std::string> Ledger::open() const {
  std::map<std::string, std::string> result;
  for (const auto& [slot, row] : rows_) {
    if (is_open(row)) result.emplace(slot, row.event);
  }
  return result;
}

std::string Ledger::document(const std::string& event) const {
  const auto found = documents_.find(event);
  return found == documents_.end() ? std::string{} : found->second;
}

}  // namespace fettle::test
