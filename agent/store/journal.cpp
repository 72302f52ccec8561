#include "store/journal.hpp"

#include "store/journal_file.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/crc.hpp>
#include <chrono>

namespace fettle::store {
namespace {

/// How long the document of a closed episode can still be asked for.
constexpr Duration closed_kept = Days{30};

constexpr std::int64_t unlimited = -1;

std::int64_t stored_time(Time time) { return time.time_since_epoch().count(); }
Time loaded_time(std::int64_t milliseconds) { return Time{Duration{milliseconds}}; }

// SQLite knows signed integers only; hashes keep their bits.
std::int64_t stored_bits(std::uint64_t value) { return static_cast<std::int64_t>(value); }

AlertState state_named(std::string_view name) {
  if (name == name_of(AlertState::closed)) return AlertState::closed;
  return name == name_of(AlertState::cleared) ? AlertState::cleared : AlertState::active;
}

std::uint32_t checksum(std::span<const std::byte> bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

Result<std::vector<ClosedEpisode>> episodes(const Result<std::vector<Row>>& rows) {
  if (!rows) return rows.error();
  std::vector<ClosedEpisode> result;
  for (const auto& row : *rows) result.push_back({row.text(0), row.text(1), loaded_time(row.integer(2))});
  return result;
}

}  // namespace

Result<Journal> Journal::open(const std::string& folder, Time now) {
  auto database = open_journal_file(folder, now);
  if (!database) return database.error();
  Journal journal{std::move(*database)};
  const auto confirmed = journal.counter("clock_confirmed");
  if (!confirmed) return confirmed.error();
  journal.awaiting_clock_ = *confirmed == 0;
  return journal;
}

Result<void> Journal::record(std::span<const Alert> alerts, const Render& render) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  for (const auto& alert : alerts) {
    if (const auto done = record_one(alert, render); !done) return done;
  }
  return transaction->commit();
}

Result<void> Journal::record_one(const Alert& alert, const Render& render) {
  const auto before = counter("sequence");
  if (!before) return before.error();
  const auto sequence = *before + 1;
  const auto document = render(alert, sequence);
  const auto slot = alert.slot();
  const auto written = database_.run(
      "INSERT OR IGNORE INTO alert(id, slot, rev, sequence, state, changed_at, document, dirty) VALUES (?1, ?2, ?3, "
      "?4, ?5, ?6, "
      "?7, 1) "
      "ON CONFLICT(id) DO UPDATE SET rev = ?3, sequence = ?4, state = ?5, changed_at = ?6, document = ?7, dirty = 1 "
      "WHERE ?3 > rev AND slot = ?2",
      {alert.id, slot, std::int64_t{alert.rev}, stored_bits(sequence), name_of(alert.state),
       stored_time(alert.changed_at), document});
  if (!written) return written;
  if (database_.changes() != 1) {
    spdlog::error("{}: revision {} of alert {} is left out: {} has a later one, or another open alert",
                  database_.file(), alert.rev, alert.id, slot);
    return {};
  }
  if (const auto done = set_counter("sequence", sequence); !done) return done;
  return alert.state == AlertState::closed ? note_closed(alert) : Result<void>{};
}

Result<void> Journal::note_closed(const Alert& alert) {
  const auto closed_at = stored_time(alert.closed_at.value_or(alert.changed_at));
  const auto slot = alert.slot();
  const auto noted = database_.run(
      "INSERT INTO last_closed VALUES (?1, ?2, ?3) ON CONFLICT(slot) DO UPDATE SET id = ?2, closed_at = ?3",
      {slot, alert.id, closed_at});
  if (!noted) return noted;
  return database_.run("DELETE FROM alert WHERE state = 'closed' AND dirty = 0 AND changed_at < ?1",
                       {closed_at - closed_kept.count()});
}

Result<std::vector<StoredAlert>> Journal::stored(std::string_view sql, std::int64_t at_most) {
  const auto rows = database_.rows(sql, {at_most});
  if (!rows) return rows.error();
  std::vector<StoredAlert> result;
  for (const auto& row : *rows) {
    result.push_back({row.text(0), row.text(1), static_cast<int>(row.integer(2)),
                      static_cast<std::uint64_t>(row.integer(3)), state_named(row.text(4)), loaded_time(row.integer(5)),
                      row.text(6)});
  }
  return result;
}

Result<std::vector<StoredAlert>> Journal::dirty(std::size_t at_most) {
  return stored(
      "SELECT slot, id, rev, sequence, state, changed_at, document FROM alert WHERE dirty ORDER BY sequence LIMIT ?1",
      static_cast<std::int64_t>(at_most));
}

Result<std::size_t> Journal::count_dirty() {
  const auto count = database_.integer("SELECT count(*) FROM alert WHERE dirty");
  if (!count) return count.error();
  return static_cast<std::size_t>(*count);
}

Result<void> Journal::mark_sent(const std::string& id, int rev) {
  return database_.run("UPDATE alert SET dirty = 0 WHERE id = ?1 AND rev = ?2", {id, std::int64_t{rev}});
}

Result<void> Journal::mark_open_dirty() {
  return database_.run("UPDATE alert SET dirty = 1 WHERE state <> 'closed' AND NOT dirty");
}

Result<std::vector<StoredAlert>> Journal::open_documents() {
  return stored(
      "SELECT slot, id, rev, sequence, state, changed_at, document FROM alert WHERE state <> 'closed' ORDER BY "
      "sequence "
      "LIMIT ?1",
      unlimited);
}

Result<std::vector<OpenEpisode>> Journal::open_slots() {
  const auto rows = database_.rows("SELECT slot, id, rev FROM alert WHERE state <> 'closed' ORDER BY slot");
  if (!rows) return rows.error();
  std::vector<OpenEpisode> result;
  for (const auto& row : *rows) result.push_back({row.text(0), row.text(1), static_cast<int>(row.integer(2))});
  return result;
}

Result<std::vector<ClosedEpisode>> Journal::last_closed() {
  return episodes(database_.rows("SELECT slot, id, closed_at FROM last_closed ORDER BY slot"));
}

Result<std::vector<ClosedEpisode>> Journal::to_withdraw(Time before) {
  return episodes(database_.rows(
      "SELECT slot, id, changed_at FROM alert AS old WHERE state = 'closed' AND NOT dirty AND NOT withdrawn "
      "AND changed_at < ?1 AND NOT EXISTS (SELECT 1 FROM alert AS newer WHERE newer.slot = old.slot AND "
      "newer.sequence > old.sequence) ORDER BY sequence",
      {stored_time(before)}));
}

Result<void> Journal::mark_withdrawn(const std::string& id) {
  return database_.run("UPDATE alert SET withdrawn = 1 WHERE id = ?1 AND state = 'closed'", {id});
}

Result<std::uint64_t> Journal::sequence() { return counter("sequence"); }

Result<std::uint64_t> Journal::next_session() {
  const auto before = counter("session");
  if (!before) return before;
  if (const auto done = set_counter("session", *before + 1); !done) return done.error();
  return *before + 1;
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
  const auto since = now.time_since_epoch();
  const std::int64_t sequence = std::chrono::duration_cast<std::chrono::microseconds>(since).count();
  const std::int64_t session = std::chrono::duration_cast<std::chrono::seconds>(since).count();
  const auto lifted = database_.run(
      "UPDATE counter SET value = CASE name WHEN 'sequence' THEN max(value, ?1) WHEN 'session' THEN max(value, ?2) "
      "ELSE 1 "
      "END WHERE name IN ('sequence', 'session', 'clock_confirmed')",
      {sequence, session});
  if (lifted) awaiting_clock_ = false;
  return lifted;
}

Result<std::uint64_t> Journal::counter(std::string_view name) {
  const auto value = database_.integer("SELECT value FROM counter WHERE name = ?1", {name});
  if (!value) return value.error();
  return static_cast<std::uint64_t>(*value);
}

Result<void> Journal::set_counter(std::string_view name, std::uint64_t value) {
  return database_.run("UPDATE counter SET value = ?2 WHERE name = ?1", {name, stored_bits(value)});
}

Result<void> Journal::save_states(std::span<const LearnedState> states) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  for (const auto& state : states) {
    const auto saved = database_.run(
        "INSERT OR REPLACE INTO learned VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        {state.part, std::int64_t{state.version}, stored_bits(state.settings_hash),
         static_cast<std::int64_t>(state.bytes.size()), std::int64_t{checksum(state.bytes)}, std::span{state.bytes}});
    if (!saved) return saved;
  }
  return transaction->commit();
}

std::optional<Bytes> Journal::load_state(const std::string& part, std::uint32_t version, std::uint64_t settings_hash) {
  const auto rows =
      database_.rows("SELECT version, settings_hash, length, crc, bytes FROM learned WHERE part = ?1", {part});
  if (!rows) {
    spdlog::error("{}: what it has learned cannot be read, it learns anew: {}", part, rows.error().detail);
    return std::nullopt;
  }
  if (rows->empty()) return std::nullopt;
  const auto& row = rows->front();
  if (row.integer(0) != std::int64_t{version} || row.integer(1) != stored_bits(settings_hash)) {
    spdlog::warn("{}: learns anew, for its settings or its method have changed since", part);
    return std::nullopt;
  }
  auto bytes = row.blob(4);
  if (row.integer(2) != static_cast<std::int64_t>(bytes.size()) || row.integer(3) != std::int64_t{checksum(bytes)}) {
    spdlog::warn("{}: what it had learned is damaged on the disk; it learns anew", part);
    return std::nullopt;
  }
  return bytes;
}

}  // namespace fettle::store
