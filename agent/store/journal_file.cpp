#include "store/journal_file.hpp"

#include "store/journal_columns.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace fettle::store {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

/// "FTTL": tells our file from any other SQLite file.
constexpr std::int64_t application_id = 0x4654544C;

/// Changed only by addition, so that an older agent can open a newer file.
constexpr std::array tables{
    "CREATE TABLE IF NOT EXISTS counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS alert(id TEXT PRIMARY KEY, slot TEXT NOT NULL, rev INTEGER NOT NULL, sequence INTEGER "
    "NOT NULL UNIQUE, state TEXT NOT NULL, changed_at INTEGER NOT NULL, document TEXT NOT NULL, dirty INTEGER NOT "
    "NULL, withdrawn INTEGER NOT NULL DEFAULT 0)",
    "CREATE UNIQUE INDEX IF NOT EXISTS one_open_episode_per_slot ON alert(slot) WHERE state <> 'closed'",
    "CREATE INDEX IF NOT EXISTS dirty_alert ON alert(sequence) WHERE dirty",
    "CREATE TABLE IF NOT EXISTS last_closed(slot TEXT PRIMARY KEY, id TEXT NOT NULL, closed_at INTEGER NOT NULL) "
    "WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS learned(part TEXT PRIMARY KEY, version INTEGER NOT NULL, settings_hash INTEGER NOT "
    "NULL, length INTEGER NOT NULL, crc INTEGER NOT NULL, bytes BLOB NOT NULL)",
    // Since version 2.
    "CREATE INDEX IF NOT EXISTS closed_alert ON alert(changed_at) WHERE state = 'closed'",
    "CREATE TABLE IF NOT EXISTS outcome(id TEXT PRIMARY KEY, closed_at INTEGER NOT NULL, judged INTEGER NOT NULL) "
    "WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS outcome_by_time ON outcome(judged, closed_at)",
    "CREATE TABLE IF NOT EXISTS answered(requester TEXT NOT NULL, jti TEXT NOT NULL, expires INTEGER NOT NULL, size "
    "INTEGER NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (requester, jti))",
    "CREATE INDEX IF NOT EXISTS answered_by_expiry ON answered(expires, size)",
    "CREATE TABLE IF NOT EXISTS fact(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
};

/// What a file with all of these carries as its user_version. Older agents leave it alone.
constexpr std::int64_t table_version = 2;

/// The lock comes first and stays until the file is closed, so that two agents never share a journal.
constexpr std::array opening{
    // A revision changes a document and a few entries of indexes far apart; with pages of 4096 bytes that is twice as much to
    // write. Files of earlier versions keep theirs.
    "PRAGMA page_size = 1024",
    "PRAGMA locking_mode = EXCLUSIVE",
    // In WAL mode the same as FULL. But while a new file changes to WAL, FULL does not make sure that the rollback journal
    // stays removed: a power cut could bring it back, and with it the empty file, hours of alerts later.
    "PRAGMA synchronous = EXTRA",
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 1000",
    "PRAGMA journal_size_limit = 1048576",
    // Debian's SQLite overwrites what is deleted with zeros, which is as much to write again.
    "PRAGMA secure_delete = OFF",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA cache_size = -512",
};

Result<void> prepare_folder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (!code && fs::is_directory(folder)) return {};
  return failure(Fault::offline,
                 fmt::format("{}: cannot be made or is no folder ({}); create it and give it to the user the agent "
                             "runs as, or name another in store.folder",
                             folder.string(), code ? code.message() : "a file is in its place"));
}

Result<void> check_ours(Database& database) {
  if (const auto ours = database.check_owner(application_id); !ours) return ours.error();
  const auto report = database.rows("PRAGMA quick_check(1)");
  if (!report) return report.error();
  if (report->size() != 1 || report->front().text(0) != "ok") {
    return failure(Fault::malformed,
                   fmt::format("{}: {}", database.file(), report->empty() ? "no answer" : report->front().text(0)));
  }
  return {};
}

/// The counters of a new journal begin at the time, in units that no earlier journal can have used up. A file of an earlier version
/// was never left for memory, so it counts as closed cleanly.
Result<void> begin_counters(Database& database, Time now, bool is_new) {
  return database.run(
      "INSERT OR IGNORE INTO counter VALUES ('sequence', ?1), ('session', ?2), ('clock_confirmed', 0), ('info_rev', "
      "0), ('info_hash', 0), ('info_sent', 0), ('closed_cleanly', ?3)",
      {stored_bits(sequence_at(now)), stored_bits(session_at(now)), is_new ? 0 : stored_time(now)});
}

/// Earlier versions closed alerts by themselves only, and always with an outcome.
Result<void> begin_outcomes(Database& database) {
  return database.run("INSERT OR IGNORE INTO outcome SELECT id, changed_at, 0 FROM alert WHERE state = 'closed'");
}

/// Writes nothing if nothing is missing: the disk may be full.
Result<void> complete(Database& database, Time now) {
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*version >= table_version) return {};
  const auto things = database.integer("SELECT count(*) FROM sqlite_schema");
  if (!things) return things.error();
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  if (const auto done = database.run_all(tables); !done) return done;
  if (const auto done = begin_counters(database, now, *things == 0); !done) return done;
  if (const auto done = begin_outcomes(database); !done) return done;
  for (const auto& [pragma, value] : {std::pair{"application_id", application_id}, {"user_version", table_version}}) {
    if (const auto done = database.run(fmt::format("PRAGMA {} = {}", pragma, value)); !done) return done;
  }
  return transaction->commit();
}

/// The exclusive lock, for as long as the file is open. A disk that is read-only gives none.
Result<void> lock(Database& database) {
  if (const auto begun = database.run(database.is_read_only() ? "BEGIN" : "BEGIN EXCLUSIVE"); !begun) return begun;
  if (const auto read = database.integer("SELECT count(*) FROM sqlite_schema"); !read) return read.error();
  return database.run("COMMIT");
}

/// SQLite takes a file with damaged version bytes for one of its future, or for a read-only one, instead of for what it is.
Result<void> check_header(const std::string& file) {
  std::array<char, 48> header{};  // of SQLite's file format: bytes 18 and 19 its versions, 44 to 47 the schema's
  std::ifstream stream{file, std::ios::binary};
  if (!stream.read(header.data(), header.size())) return {};  // new, or whatever is wrong with it is told by SQLite
  const auto byte = [&header](std::size_t place) { return static_cast<unsigned char>(header.at(place)); };
  const int format = byte(44) << 24 | byte(45) << 16 | byte(46) << 8 | byte(47);
  const bool known = byte(18) <= 2 && byte(19) <= 2 && format >= 0 && format <= 4;
  if (known) return {};
  return failure(Fault::malformed, fmt::format("{}: its header is damaged", file));
}

Result<Database> open_sound(const std::string& file, Time now) {
  if (const auto sound = check_header(file); !sound) return sound.error();
  auto database = Database::open(file);
  if (database && database->is_read_only()) database = Database::open_unchanging(file);
  if (!database) return database.error();
  if (const auto done = database->run_all(opening); !done) return done.error();
  if (const auto done = lock(*database); !done) return done.error();
  if (const auto done = check_ours(*database); !done) return done.error();
  if (const auto done = complete(*database, now); !done) return done.error();
  return database;
}

/// "20261121T091458Z": no colons, so that every tool takes the file.
std::string stamp(Time now) {
  auto text = to_rfc3339(std::chrono::floor<seconds>(now));
  std::erase_if(text, [](char letter) { return letter == '-' || letter == ':'; });
  return text;
}

/// A name that is not taken, so that an earlier damaged file is never overwritten.
std::string unused_name(const std::string& wanted) {
  std::string name = wanted;
  for (int number = 2; fs::exists(name); ++number) name = fmt::format("{}-{}", wanted, number);
  return name;
}

Result<void> move_aside(const std::string& file, const Error& why, Time now) {
  const auto aside = unused_name(fmt::format("{}.damaged-{}", file, stamp(now)));
  std::error_code code;
  fs::rename(file, aside, code);
  if (code) {
    return failure(Fault::offline, fmt::format("{}: is damaged ({}) and cannot be renamed ({}); move it away by hand",
                                               file, why.detail, code.message()));
  }
  for (const auto* const suffix : {"-wal", "-shm"}) {
    if (fs::exists(file + suffix)) fs::rename(file + suffix, aside + suffix, code);
  }
  spdlog::error(
      "the journal is damaged: {}; it is kept as {}, and a new one is begun: open alerts are raised anew, and "
      "the equipment is learned anew",
      why.detail, aside);
  return {};
}

}  // namespace

Result<Database> open_journal_file(const std::string& folder, Time now) {
  if (const auto ready = prepare_folder(folder); !ready) return ready.error();
  const auto file = (fs::path{folder} / "journal.db").string();
  auto database = open_sound(file, now);
  if (database || database.error().fault != Fault::malformed) return database;
  if (const auto moved = move_aside(file, database.error(), now); !moved) return moved.error();
  return open_sound(file, now);
}

Result<Database> open_journal_in_memory(Time now) {
  auto database = Database::open(":memory:");
  if (!database) return database.error();
  if (const auto done = complete(*database, now); !done) return done.error();
  return database;
}

}  // namespace fettle::store
