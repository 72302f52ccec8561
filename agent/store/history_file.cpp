#include "store/history_file.hpp"

#include "store/history_keys.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace fettle::store {
namespace {

/// "FTTH": tells our file from any other SQLite file.
constexpr std::int64_t application_id = 0x46545448;

constexpr std::array opening{
    "PRAGMA page_size = 4096",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    // The last writes may be lost with the power, but what is there stays sound: no sync a quarter of an hour.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 200",
    "PRAGMA journal_size_limit = 0",
    // Debian's SQLite overwrites what is deleted with zeros, which is as much to write again.
    "PRAGMA secure_delete = OFF",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA cache_size = -512",
    "BEGIN EXCLUSIVE",
};

constexpr std::array tables{
    "CREATE TABLE IF NOT EXISTS point(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS quarter(key INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
};

std::string row_in(std::string_view table) { return fmt::format("SELECT bytes FROM {} WHERE key = ?1", table); }
std::string next_in(std::string_view table) {
  return fmt::format("SELECT key FROM {} WHERE key > ?1 ORDER BY key LIMIT 1", table);
}

/// The rows of one point from the first to the last time, leaping over gaps.
template <std::size_t Count, class Take>
Result<void> walk(Database& database, const std::string& table, std::int64_t number,
                  std::pair<std::int64_t, std::int64_t> times, const Take& take) {
  const auto row_at = row_in(table);
  const auto next = next_in(table);
  for (auto time = times.first; time <= times.second;) {
    const auto row = database.rows(row_at, {key_of(time, number)});
    if (!row) return row.error();
    if (!row->empty()) {
      take(time++, aggregates_of<Count>(row->front().blob(0)));
      continue;
    }
    const auto later = database.rows(next, {key_of(time, number)});
    if (!later) return later.error();
    if (later->empty()) return {};
    time = std::max(time + 1, time_of(later->front().integer(0)));
  }
  return {};
}

template <class Aggregates>
std::span<const std::byte> bytes_of(const Aggregates& aggregates) {
  return std::as_bytes(std::span{aggregates});
}

}  // namespace

Result<HistoryFile> HistoryFile::open(const std::string& file, std::uint64_t size) {
  auto database = Database::open(file);
  if (!database) return database.error();
  HistoryFile history{std::move(*database), size};
  if (const auto begun = history.begin(); !begun) return begun.error();
  return history;
}

Result<void> HistoryFile::begin() {
  if (const auto done = database_.run_all(opening); !done) return done;
  const auto is_new = database_.check_owner(application_id);
  if (!is_new) return is_new.error();
  if (*is_new) {
    if (const auto done = database_.run_all(tables); !done) return done;
    const auto mark = fmt::format("PRAGMA application_id = {}", application_id);
    if (const auto done = database_.run(mark); !done) return done;
  }
  return database_.run("COMMIT");
}

Result<void> HistoryFile::write(std::span<const HistoryBlock> blocks, std::span<const std::string> names) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  auto day = std::numeric_limits<std::int64_t>::min();
  for (const auto& block : blocks) {
    if (std::exchange(day, day_of(block.quarter)) != day_of(block.quarter)) {
      const auto made = database_.run(
          fmt::format("CREATE TABLE IF NOT EXISTS {}(key INTEGER PRIMARY KEY, bytes BLOB NOT NULL)", table_of(day)));
      if (!made) return made;
    }
    const auto known = number(names[block.point]);
    if (!known) return known.error();
    if (const auto done = write_one(block, *known); !done) return done;
  }
  return transaction->commit();
}

Result<void> HistoryFile::write_one(const HistoryBlock& block, std::int64_t number) {
  const auto key = key_of(block.quarter, number);
  const auto table = table_of(day_of(block.quarter));
  const auto earlier = database_.rows(row_in(table), {key});
  if (!earlier) return earlier.error();
  auto minutes = earlier->empty() ? Minutes{} : aggregates_of<minutes_a_quarter>(earlier->front().blob(0));
  for (std::size_t minute = 0; minute < minutes.size(); ++minute) minutes[minute].merge(block.minutes[minute]);
  return database_.run(fmt::format("INSERT OR REPLACE INTO {} VALUES (?1, ?2)", table), {key, bytes_of(minutes)});
}

Result<std::int64_t> HistoryFile::number(const std::string& name) {
  const auto known = number_of(name);
  if (!known) return known.error();
  if (*known) return **known;
  if (const auto done = database_.run("INSERT INTO point(name) VALUES (?1)", {name}); !done) return done.error();
  return database_.integer("SELECT last_insert_rowid()");
}

Result<std::optional<std::int64_t>> HistoryFile::number_of(const std::string& name) {
  const auto rows = database_.rows("SELECT number FROM point WHERE name = ?1", {name});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<std::int64_t>{};
  return std::optional{rows->front().integer(0)};
}

Result<std::vector<std::int64_t>> HistoryFile::integers(std::string_view sql) {
  const auto rows = database_.rows(sql);
  if (!rows) return rows.error();
  std::vector<std::int64_t> result;
  for (const auto& row : *rows) result.push_back(row.integer(0));
  return result;
}

Result<std::vector<std::int64_t>> HistoryFile::days() {
  return integers(
      "SELECT CAST(substr(name, 8) AS INTEGER) FROM sqlite_schema WHERE type = 'table' AND name GLOB 'minute_*' ORDER "
      "BY 1");
}

Result<void> HistoryFile::drop_day(std::int64_t day) {
  const auto table = table_of(day);
  database_.forget(table);
  auto dropped = database_.run("DROP TABLE " + table);
  database_.forget(table);
  return dropped;
}

Result<std::optional<Time>> HistoryFile::end_of_quarters() {
  const auto last = integers("SELECT key FROM quarter ORDER BY key DESC LIMIT 1");
  if (!last) return last.error();
  return last->empty() ? std::nullopt : std::optional{Time{(time_of(last->front()) + 1) * Days{1}}};
}

Result<void> HistoryFile::roll_up(Time before) {
  const auto all = days();
  if (!all) return all.error();
  for (const auto day : *all) {
    if (Time{(day + 1) * Days{1}} > before) return {};
    if (const auto done = roll_up_day(day); !done) return done;
  }
  return {};
}

Result<void> HistoryFile::roll_up_day(std::int64_t day) {
  const auto numbers = integers("SELECT number FROM point ORDER BY number");
  if (!numbers) return numbers.error();
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  for (const auto number : *numbers) {
    if (const auto done = roll_up_point(day, number); !done) return done;
  }
  if (const auto done = drop_day(day); !done) return done;
  return transaction->commit();
}

/// What is there already of that day stays, for a clock that stepped back may have made minutes of it once more.
Result<void> HistoryFile::roll_up_point(std::int64_t day, std::int64_t number) {
  const auto earlier = database_.rows(row_in("quarter"), {key_of(day, number)});
  if (!earlier) return earlier.error();
  auto quarters = earlier->empty() ? Quarters{} : aggregates_of<quarters_a_day>(earlier->front().blob(0));
  bool any = false;
  const auto first = day * static_cast<std::int64_t>(quarters_a_day);
  const auto last = first + static_cast<std::int64_t>(quarters_a_day) - 1;
  const auto take_row = [&](std::int64_t quarter, const Minutes& minutes) {
    quarters[static_cast<std::size_t>(quarter - first)].merge(joined(minutes));
    any = true;
  };
  const auto walked = walk<minutes_a_quarter>(database_, table_of(day), number, {first, last}, take_row);
  if (!walked || !any) return walked;
  return database_.run("INSERT OR REPLACE INTO quarter VALUES (?1, ?2)", {key_of(day, number), bytes_of(quarters)});
}

Result<void> HistoryFile::minutes(std::int64_t number, Time from, Time to, const Take& take) {
  const auto take_row = [&](std::int64_t quarter, const Minutes& minutes) {
    auto begin = begin_of_quarter(quarter);
    for (const auto& minute : minutes) {
      if (!minute.is_empty() && begin >= from && begin < to) take(begin, minute);
      begin += one_minute;
    }
  };
  const auto all = days();
  if (!all) return all.error();
  for (const auto day : *all) {
    const auto first = day * static_cast<std::int64_t>(quarters_a_day);
    const auto last = first + static_cast<std::int64_t>(quarters_a_day) - 1;
    const std::pair times{std::max(first, quarter_of(from)), std::min(last, quarter_of(to))};
    const auto done = walk<minutes_a_quarter>(database_, table_of(day), number, times, take_row);
    if (!done) return done;
  }
  return {};
}

Result<void> HistoryFile::quarters(std::int64_t number, Time from, Time to, const Take& take) {
  const auto take_row = [&](std::int64_t day, const Quarters& quarters) {
    Time begin{day * Days{1}};
    for (const auto& quarter : quarters) {
      if (!quarter.is_empty() && begin >= from && begin < to) take(begin, quarter);
      begin += one_quarter;
    }
  };
  return walk<quarters_a_day>(database_, "quarter", number, {day_of(quarter_of(from)), day_of(quarter_of(to))},
                              take_row);
}

}  // namespace fettle::store
