#pragma once

#include "core/time.hpp"
#include "support/subscriber.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fettle::test {

/// What the latest document of a slot says.
struct LedgerRow {
  std::string slot, id, event;  ///< "PUMP-1/overheating", the episode, "<id>-<rev>"
  std::string state, kind, previous;
  std::int64_t rev = 0, priority = 4, count = 1;
  bool acknowledged = false;
  std::string sequence;
  Time changed{};
  std::optional<Time> cleared;
};

/// The book of a consumer who believes nothing: it keeps every document that it ever got and holds each new one against the rules of the
/// contract (section 8, rules 2 to 4, and 6.3).
class Ledger {
 public:
  void take(const Received& message);

  /// Null if nothing was heard of the slot yet.
  const LedgerRow* row(const std::string& slot) const;
  /// How many episodes there were.
  std::size_t episodes(const std::string& slot) const;
  std::size_t episodes() const;
  /// Slots and event ids of what is not closed.
  std::map<std::string, std::string> open() const;
  /// The same as the gateway's last "online" has it; nothing before the first.
  const std::optional<std::map<std::string, std::string>>& digest() const { return digest_; }
  /// How many documents the gateway had yet to send then.
  std::int64_t queued() const { return queued_; }
  /// The bytes of a document; empty if it never came.
  std::string document(const std::string& event) const;

  /// Each breach of a rule, in words.
  const std::vector<std::string>& breaches() const { return breaches_; }
  std::size_t documents() const { return documents_.size(); }
  std::size_t repeats() const { return repeats_; }
  std::size_t statuses() const { return known_statuses_.size(); }
  std::size_t doubled() const { return doubled_; }
  /// Episodes whose end never came: another one followed that names them as its predecessor.
  std::size_t unseen_endings() const { return unseen_endings_; }

 private:
  void take_alert(const Received& message);
  void take_status(const Received& message);
  void advance(const LedgerRow& row);
  void begin(const LedgerRow& row, const LedgerRow* before);
  void breach(const std::string& what) { breaches_.push_back(what); }

  std::map<std::string, std::string> documents_;  ///< by event id
  std::map<std::string, std::string> sequences_;  ///< to event id
  std::map<std::string, LedgerRow> rows_;
  std::map<std::string, std::vector<std::string>> episodes_;  ///< by slot
  std::optional<std::map<std::string, std::string>> digest_;
  std::set<std::string> known_statuses_;
  std::vector<std::string> breaches_;
  std::size_t repeats_ = 0, doubled_ = 0, unseen_endings_ = 0;
  std::int64_t session_ = 0, queued_ = 0;
  std::string sequence_;  ///< of the last status
};

}  // namespace fettle::test
