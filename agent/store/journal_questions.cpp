#include "store/journal.hpp"
#include "store/journal_columns.hpp"

namespace fettle::store {
namespace {

AlertState state_named(std::string_view name) {
  if (name == name_of(AlertState::closed)) return AlertState::closed;
  return name == name_of(AlertState::cleared) ? AlertState::cleared : AlertState::active;
}

StoredAlert stored_alert(const Row& row) {
  return {row.text(0),
          row.text(1),
          static_cast<int>(row.integer(2)),
          static_cast<std::uint64_t>(row.integer(3)),
          state_named(row.text(4)),
          loaded_time(row.integer(5)),
          row.text(6)};
}

Result<std::vector<ClosedEpisode>> episodes(const Result<std::vector<Row>>& rows) {
  if (!rows) return rows.error();
  std::vector<ClosedEpisode> result;
  for (const auto& row : *rows) result.push_back({row.text(0), row.text(1), loaded_time(row.integer(2))});
  return result;
}

}  // namespace

Result<std::vector<StoredAlert>> Journal::stored(std::string_view sql, std::int64_t at_most) {
  const auto rows = database_.rows(sql, {at_most});
  if (!rows) return rows.error();
  std::vector<StoredAlert> result;
  for (const auto& row : *rows) result.push_back(stored_alert(row));
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
      "sequence LIMIT ?1",
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

Result<std::size_t> Journal::mark_slot_dirty(const std::string& slot) {
  const auto marked = database_.run(
      "UPDATE alert SET dirty = 1 WHERE sequence = (SELECT max(sequence) FROM alert WHERE slot = ?1)", {slot});
  if (!marked) return marked.error();
  return static_cast<std::size_t>(database_.changes());
}

Result<std::optional<StoredAlert>> Journal::find(const std::string& id) {
  const auto rows =
      database_.rows("SELECT slot, id, rev, sequence, state, changed_at, document FROM alert WHERE id = ?1", {id});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<StoredAlert>{};
  return std::optional{stored_alert(rows->front())};
}

Result<std::vector<RecordedOutcome>> Journal::outcomes(std::size_t at_most) {
  const auto rows = database_.rows(
      "SELECT slot, id, closed_at, document FROM outcome JOIN alert USING (id) ORDER BY closed_at DESC, sequence DESC "
      "LIMIT ?1",
      {static_cast<std::int64_t>(at_most)});
  if (!rows) return rows.error();
  std::vector<RecordedOutcome> result;
  for (const auto& row : *rows) {
    result.push_back({row.text(0), row.text(1), loaded_time(row.integer(2)), row.text(3)});
  }
  return result;
}

Result<std::optional<std::string>> Journal::answer_to(const std::string& requester, const std::string& jti) {
  const auto rows = database_.rows("SELECT answer FROM answered WHERE requester = ?1 AND jti = ?2", {requester, jti});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<std::string>{};
  return std::optional{rows->front().text(0)};
}

}  // namespace fettle::store
