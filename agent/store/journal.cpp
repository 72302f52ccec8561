#include "store/journal.hpp"

#include "store/journal_columns.hpp"
#include "store/journal_file.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <utility>

namespace fettle::store {
namespace {

/// How long the document of a closed episode can be asked for in any case.
constexpr Duration closed_kept = Days{30};

/// How many closed episodes are kept beyond that. What people have judged is what trust is made of.
constexpr std::int64_t judged_kept = 1000;
constexpr std::int64_t unjudged_kept = 250;

/// The longest life of a command (contract.md 3.3). One that was accepted expired at most so long after that moment, so
/// what expires earlier than another accepted command by more than this has expired for certain.
constexpr Duration longest_command_life = Days{30};

constexpr std::int64_t answers_kept = 10'000;
constexpr std::int64_t answer_bytes_kept = 4'000'000;

bool judged_by_a_person(const Outcome& outcome) {
  return outcome.verdict != Conclusion::self_cleared && outcome.verdict != Conclusion::expired;
}

}  // namespace

Result<Journal> Journal::open(const std::string& folder, Time now) {
  auto database = open_journal_file(folder, now);
  if (!database) return database.error();
  Journal journal{std::move(*database)};
  if (const auto begun = journal.begin(now); !begun) return begun.error();
  return journal;
}

Result<Journal> Journal::in_memory(Time now) {
  auto database = open_journal_in_memory(now);
  if (!database) return database.error();
  Journal journal{std::move(*database)};
  journal.in_memory_ = true;
  if (const auto begun = journal.begin(now); !begun) return begun.error();
  return journal;
}

Result<void> Journal::record(std::span<const Alert> alerts, const Render& render) {
  return record(alerts, render, nullptr);
}

Result<void> Journal::record(std::span<const Alert> alerts, const Render& render, const AnsweredCommand& answered) {
  return record(alerts, render, &answered);
}

Result<void> Journal::record(std::span<const Alert> alerts, const Render& render, const AnsweredCommand* answered) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  Result<std::uint64_t> last = sequence_;
  for (const auto& alert : alerts) {
    last = record_one(alert, render, *last);
    if (!last) return last.error();
  }
  if (*last != sequence_) {
    if (const auto counted = set_counter("sequence", *last); !counted) return counted;
  }
  if (answered != nullptr) {
    if (const auto noted = note_answer(*answered); !noted) return noted;
  }
  auto committed = transaction->commit();
  if (committed) sequence_ = *last;
  return committed;
}

Result<std::uint64_t> Journal::record_one(const Alert& alert, const Render& render, std::uint64_t last) {
  const auto sequence = last + 1;
  const auto document = render(alert, sequence);
  const auto slot = alert.slot();
  const auto written = database_.run(
      "INSERT OR IGNORE INTO alert(id, slot, rev, sequence, state, changed_at, document, dirty) VALUES (?1, ?2, ?3, "
      "?4, ?5, ?6, ?7, 1) "
      "ON CONFLICT(id) DO UPDATE SET rev = ?3, sequence = ?4, state = ?5, changed_at = ?6, document = ?7, dirty = 1 "
      "WHERE ?3 > rev AND slot = ?2",
      {alert.id, slot, std::int64_t{alert.rev}, stored_bits(sequence), name_of(alert.state),
       stored_time(alert.changed_at), document});
  if (!written) return written.error();
  if (database_.changes() != 1) {
    spdlog::error("{}: revision {} of alert {} is left out: {} has a later one, or another open alert",
                  database_.file(), alert.rev, alert.id, slot);
    return last;
  }
  if (alert.state == AlertState::closed) {
    if (const auto noted = note_closed(alert); !noted) return noted.error();
  }
  return sequence;
}

Result<void> Journal::note_closed(const Alert& alert) {
  const auto closed_at = alert.closed_at.value_or(alert.changed_at);
  const auto slot = alert.slot();
  const auto noted = database_.run(
      "INSERT INTO last_closed VALUES (?1, ?2, ?3) ON CONFLICT(slot) DO UPDATE SET id = ?2, closed_at = ?3",
      {slot, alert.id, stored_time(closed_at)});
  if (!noted) return noted;
  if (alert.outcome) {
    const auto kept =
        database_.run("INSERT OR REPLACE INTO outcome VALUES (?1, ?2, ?3)",
                      {alert.id, stored_time(closed_at), std::int64_t{judged_by_a_person(*alert.outcome)}});
    if (!kept) return kept;
  }
  return forget_closed(closed_at - closed_kept);
}

Result<void> Journal::forget_closed(Time before) {
  for (const auto& [judged, kept] : {std::pair{std::int64_t{1}, judged_kept}, {std::int64_t{0}, unjudged_kept}}) {
    const auto done = database_.run(
        "DELETE FROM outcome WHERE closed_at < ?3 AND id IN (SELECT id FROM outcome WHERE judged = ?1 ORDER BY "
        "closed_at DESC LIMIT -1 OFFSET ?2)",
        {judged, kept, stored_time(before)});
    if (!done) return done;
  }
  return database_.run(
      "DELETE FROM alert WHERE state = 'closed' AND dirty = 0 AND changed_at < ?1 AND id NOT IN (SELECT id FROM "
      "outcome)",
      {stored_time(before)});
}

/// The first answer stays, whatever is given later.
Result<void> Journal::note_answer(const AnsweredCommand& answered) {
  const auto size = answered.requester.size() + answered.jti.size() + answered.answer.size();
  const auto noted = database_.run("INSERT OR IGNORE INTO answered VALUES (?1, ?2, ?3, ?4, ?5)",
                                   {answered.requester, answered.jti, stored_time(answered.expires),
                                    static_cast<std::int64_t>(size), answered.answer});
  if (!noted) return noted;
  const auto expired =
      database_.run("DELETE FROM answered WHERE expires < ?1", {stored_time(answered.expires - longest_command_life)});
  if (!expired) return expired;
  return database_.run(
      "DELETE FROM answered WHERE rowid IN (SELECT rowid FROM (SELECT rowid, row_number() OVER latest AS place, "
      "sum(size) OVER latest AS total FROM answered WINDOW latest AS (ORDER BY expires DESC, rowid DESC)) "
      "WHERE place > ?1 OR total > ?2)",
      {answers_kept, answer_bytes_kept});
}

}  // namespace fettle::store
