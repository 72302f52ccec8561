#include "store/journal.hpp"
#include "store/journal_columns.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <array>

namespace fettle::store {

Result<void> Journal::take_over(Journal& other) {
  sequence_ = std::max(sequence_, other.sequence_);
  session_ = std::max(session_, other.session_);
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  using Copy = Result<void> (Journal::*)(Journal&);
  constexpr std::array<Copy, 5> copies{&Journal::copy_alerts, &Journal::copy_closed, &Journal::copy_answers,
                                       &Journal::copy_counters, &Journal::copy_learned};
  for (const auto copy : copies) {
    if (const auto done = (this->*copy)(other); !done) return done;
  }
  if (const auto committed = transaction->commit(); !committed) return committed;
  const auto confirmed = counter("clock_confirmed");
  if (!confirmed) return confirmed.error();
  awaiting_clock_ = *confirmed == 0;
  return {};
}

/// By rising sequence, so that an episode is closed here before its slot's next one opens.
Result<void> Journal::copy_alerts(Journal& other) {
  const auto theirs = other.database_.rows("SELECT id, rev, sequence, dirty, withdrawn FROM alert ORDER BY sequence");
  if (!theirs) return theirs.error();
  for (const auto& row : *theirs) {
    const auto id = row.text(0);
    const auto known = database_.integer(
        "SELECT count(*) FROM alert WHERE id = ?1 AND (rev > ?2 OR rev = ?2 AND (sequence > ?3 OR sequence = ?3 AND "
        "dirty = ?4 AND withdrawn = ?5))",
        {id, row.integer(1), row.integer(2), row.integer(3), row.integer(4)});
    if (!known) return known.error();
    if (*known != 0) continue;
    if (const auto done = copy_alert(other, id); !done) return done;
  }
  return {};
}

Result<void> Journal::copy_alert(Journal& other, const std::string& id) {
  const auto found = other.database_.rows(
      "SELECT slot, rev, sequence, state, changed_at, document, dirty, withdrawn FROM alert WHERE id = ?1", {id});
  if (!found) return found.error();
  const auto& row = found->at(0);
  const auto slot = row.text(0);
  const auto state = row.text(3);
  const auto document = row.text(5);
  if (state != name_of(AlertState::closed)) {
    const auto superseded =
        database_.run("DELETE FROM alert WHERE slot = ?1 AND state <> 'closed' AND id <> ?2 AND sequence < ?3",
                      {slot, id, row.integer(2)});
    if (!superseded) return superseded;
    if (database_.changes() != 0) spdlog::error("{}: alert {} takes the place of one it did not know", slot, id);
  }
  // Two journals can have given out one number only if the clock went back in between. The document stays as it is;
  // its place in the order becomes another.
  const auto place = database_.integer(
      "SELECT CASE WHEN EXISTS (SELECT 1 FROM alert WHERE sequence = ?1 AND id <> ?2) THEN (SELECT max(sequence) + 1 "
      "FROM alert) ELSE ?1 END",
      {row.integer(2), id});
  if (!place) return place.error();
  const auto copied = database_.run(
      "INSERT OR IGNORE INTO alert(id, slot, rev, sequence, state, changed_at, document, dirty, withdrawn) VALUES (?1, "
      "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(id) DO UPDATE SET rev = ?3, sequence = ?4, state = ?5, changed_at = "
      "?6, document = ?7, dirty = ?8, withdrawn = ?9",
      {id, slot, row.integer(1), *place, state, row.integer(4), document, row.integer(6), row.integer(7)});
  if (copied && database_.changes() == 0) {
    spdlog::error("{}: alert {} is left out for another open one that came later", slot, id);
  }
  if (copied) sequence_ = std::max(sequence_, static_cast<std::uint64_t>(*place));
  return copied;
}

Result<void> Journal::copy_closed(Journal& other) {
  const auto closed = other.last_closed();
  if (!closed) return closed.error();
  for (const auto& each : *closed) {
    const auto copied = database_.run(
        "INSERT INTO last_closed VALUES (?1, ?2, ?3) ON CONFLICT(slot) DO UPDATE SET id = ?2, closed_at = ?3 WHERE "
        "closed_at <= ?3 AND (id <> ?2 OR closed_at <> ?3)",
        {each.slot, each.id, stored_time(each.closed_at)});
    if (!copied) return copied;
  }
  const auto outcomes = other.database_.rows("SELECT id, closed_at, judged FROM outcome");
  if (!outcomes) return outcomes.error();
  for (const auto& row : *outcomes) {
    const auto copied = database_.run(
        "INSERT INTO outcome VALUES (?1, ?2, ?3) ON CONFLICT(id) DO UPDATE SET closed_at = ?2, judged = ?3 WHERE "
        "closed_at <> ?2 OR judged <> ?3",
        {row.text(0), row.integer(1), row.integer(2)});
    if (!copied) return copied;
  }
  return {};
}

Result<void> Journal::copy_answers(Journal& other) {
  const auto answers = other.database_.rows("SELECT requester, jti, expires, size, answer FROM answered");
  if (!answers) return answers.error();
  for (const auto& row : *answers) {
    const auto requester = row.text(0);
    const auto jti = row.text(1);
    const auto answer = row.text(4);
    const auto copied = database_.run("INSERT OR IGNORE INTO answered VALUES (?1, ?2, ?3, ?4, ?5)",
                                      {requester, jti, row.integer(2), row.integer(3), answer});
    if (!copied) return copied;
  }
  const auto facts = other.database_.rows("SELECT name, value FROM fact");
  if (!facts) return facts.error();
  for (const auto& row : *facts) {
    if (const auto copied = set_fact(row.text(0), row.integer(1)); !copied) return copied;
  }
  return {};
}

/// The info document's hash belongs to its revision, and goes with it.
Result<void> Journal::copy_counters(Journal& other) {
  const auto hash = other.counter("info_hash");
  const auto rev = other.counter("info_rev");
  if (!hash || !rev) return hash ? rev.error() : hash.error();
  const auto copied = database_.run(
      "UPDATE counter SET value = ?1 WHERE name = 'info_hash' AND value <> ?1 AND ?2 >= (SELECT value FROM counter "
      "WHERE name = 'info_rev')",
      {stored_bits(*hash), stored_bits(*rev)});
  if (!copied) return copied;
  for (const auto* const name : {"info_rev", "info_sent", "clock_confirmed", "session", "sequence"}) {
    const auto theirs = other.counter(name);
    if (!theirs) return theirs.error();
    const auto lifted = database_.run("UPDATE counter SET value = ?2 WHERE name = ?1 AND value < ?2",
                                      {std::string_view{name}, stored_bits(*theirs)});
    if (!lifted) return lifted;
  }
  // Should the mark of a clean stop still stand, because the disk was read-only at the start, it is taken away now.
  return database_.run("UPDATE counter SET value = 0 WHERE name = 'closed_cleanly' AND value <> 0");
}

/// What the parts have learned needs no place in memory twice; what was saved there while the disk was away is the latest.
Result<void> Journal::copy_learned(Journal& other) {
  if (in_memory_) return {};
  const auto parts = other.database_.rows("SELECT part, version, settings_hash, length, crc, bytes FROM learned");
  if (!parts) return parts.error();
  for (const auto& row : *parts) {
    const auto part = row.text(0);
    const auto bytes = row.blob(5);
    const auto copied =
        database_.run("INSERT OR REPLACE INTO learned VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                      {part, row.integer(1), row.integer(2), row.integer(3), row.integer(4), std::span{bytes}});
    if (!copied) return copied;
  }
  return {};
}

}  // namespace fettle::store
