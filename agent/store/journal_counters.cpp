#include "store/journal.hpp"
#include "store/journal_columns.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>

namespace fettle::store {
namespace {

/// How long after a clean stop the mark of it is believed. A start that could not take the mark away (read-only disk) publishes from
/// memory with numbers above this journal's; the next start must not take up the old ones again.
constexpr Duration mark_believed = std::chrono::hours{1};

}  // namespace

Result<void> Journal::begin(Time now) {
  const auto sequence = counter("sequence");
  const auto session = counter("session");
  const auto confirmed = counter("clock_confirmed");
  const auto closed = counter("closed_cleanly");
  for (const auto* const each : {&sequence, &session, &confirmed, &closed}) {
    if (!*each) return each->error();
  }
  const auto closed_at = loaded_time(static_cast<std::int64_t>(*closed));
  const bool clean = *closed != 0 && now >= closed_at && now - closed_at < mark_believed;
  sequence_ = clean ? *sequence : std::max(*sequence, sequence_at(now));
  session_ = std::max(*session, session_at(now));
  awaiting_clock_ = *confirmed == 0;
  if (*closed == 0) return {};
  const auto in_use = set_counter("closed_cleanly", 0);
  if (in_use || in_use.error().fault == Fault::malformed) return in_use;
  spdlog::error("the journal can be read, but not written: {}", in_use.error().detail);
  return {};
}

Result<void> Journal::close_cleanly(Time now) {
  return database_.run(
      "UPDATE counter SET value = CASE name WHEN 'closed_cleanly' THEN ?1 ELSE max(value, ?2) END WHERE name IN "
      "('closed_cleanly', 'sequence')",
      {stored_time(now), stored_bits(sequence_)});
}

Result<std::uint64_t> Journal::sequence() { return sequence_; }

Result<std::uint64_t> Journal::next_session() {
  if (const auto done = set_counter("session", session_ + 1); !done) return done.error();
  return ++session_;
}

Result<std::int64_t> Journal::fact(std::string_view name) {
  return database_.integer("SELECT value FROM fact WHERE name = ?1", {name});
}

Result<void> Journal::set_fact(std::string_view name, std::int64_t value) {
  return database_.run("INSERT INTO fact VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = ?2 WHERE value <> ?2",
                       {name, value});
}

Result<std::uint64_t> Journal::info_rev(std::uint64_t content_hash) {
  const auto changed = database_.run(
      "UPDATE counter SET value = CASE name WHEN 'info_hash' THEN ?1 ELSE value + 1 END WHERE name IN ('info_hash', "
      "'info_rev') AND (SELECT value FROM counter WHERE name = 'info_hash') <> ?1",
      {stored_bits(content_hash)});
  if (!changed) return changed.error();
  return counter("info_rev");
}

Result<std::uint64_t> Journal::info_acknowledged() { return counter("info_sent"); }

Result<void> Journal::mark_info_sent(std::uint64_t rev) { return set_counter("info_sent", rev); }

Result<void> Journal::confirm_clock(Time now) {
  const auto lifted = database_.run(
      "UPDATE counter SET value = CASE name WHEN 'sequence' THEN max(value, ?1) WHEN 'session' THEN max(value, ?2) "
      "ELSE 1 END WHERE name IN ('sequence', 'session', 'clock_confirmed')",
      {stored_bits(sequence_at(now)), stored_bits(session_at(now))});
  if (!lifted) return lifted;
  sequence_ = std::max(sequence_, sequence_at(now));
  session_ = std::max(session_, session_at(now));
  awaiting_clock_ = false;
  return {};
}

Result<std::uint64_t> Journal::counter(std::string_view name) {
  const auto value = database_.integer("SELECT value FROM counter WHERE name = ?1", {name});
  if (!value) return value.error();
  return static_cast<std::uint64_t>(*value);
}

Result<void> Journal::set_counter(std::string_view name, std::uint64_t value) {
  return database_.run("UPDATE counter SET value = ?2 WHERE name = ?1", {name, stored_bits(value)});
}

}  // namespace fettle::store
