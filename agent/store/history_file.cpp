#include "store/history_file.hpp"

#include <fmt/format.h>

namespace fettle::store {
namespace {

/// "FTTH": tells our file from any other SQLite file.
constexpr std::int64_t application_id = 0x46545448;

constexpr std::uint64_t page = 4096;

/// The log grows so far before it is copied into the file, and is cut back to it afterwards.
constexpr std::uint64_t log_pages = 200;

/// A row's key holds its time above so many bits, and the point below.
constexpr int point_bits = 22;

/// How many points are rolled up, and how many quarters forgotten, in one transaction, so that the log stays short.
constexpr std::size_t points_at_once = 200;
constexpr std::int64_t quarters_at_once = 4;

constexpr std::array opening{
    "PRAGMA page_size = 4096",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    // The last writes may be lost with the power, but what is there stays sound: no sync a quarter of an hour.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 200",
    "PRAGMA journal_size_limit = 0",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA cache_size = -512",
    "BEGIN EXCLUSIVE",
};

constexpr std::array tables{
    "CREATE TABLE IF NOT EXISTS point(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS minute(key INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS quarter(key INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
};

std::int64_t key_of(std::int64_t time, std::int64_t number = 0) {
  return time * (std::int64_t{1} << point_bits) + number;
}
std::int64_t time_of(std::int64_t key) { return key >> point_bits; }

std::int64_t day_of(std::int64_t quarter) { return floor_ratio(quarter, quarters_a_day); }

constexpr std::string_view minute_row = "SELECT bytes FROM minute WHERE key = ?1";
constexpr std::string_view quarter_row = "SELECT bytes FROM quarter WHERE key = ?1";
constexpr std::string_view next_minute = "SELECT key FROM minute WHERE key > ?1 ORDER BY key LIMIT 1";
constexpr std::string_view next_quarter = "SELECT key FROM quarter WHERE key > ?1 ORDER BY key LIMIT 1";

/// The rows of one point from the first to the last time, leaping over gaps.
template <std::size_t Count, class Take>
Result<void> walk(Database& database, std::string_view row_at, std::string_view next, std::int64_t number,
                  std::pair<std::int64_t, std::int64_t> times, const Take& take) {
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
  for (const auto* const sql : opening) {
    if (const auto done = database_.run(sql); !done) return done;
  }
  const auto things = database_.integer("SELECT count(*) FROM sqlite_schema");
  if (!things) return things.error();
  const auto identity = database_.integer("PRAGMA application_id");
  if (!identity) return identity.error();
  if (*things == 0) {
    for (const auto* const sql : tables) {
      if (const auto done = database_.run(sql); !done) return done;
    }
    const auto mark = fmt::format("PRAGMA application_id = {}", application_id);
    if (const auto done = database_.run(mark); !done) return done;
  } else if (*identity != application_id) {
    return failure(Fault::malformed, fmt::format("{}: is a database of another program", database_.file()));
  }
  return database_.run("COMMIT");
}

Result<void> HistoryFile::write(std::span<const HistoryBlock> blocks, std::span<const std::string> names) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  for (const auto& block : blocks) {
    const auto known = number(names[block.point]);
    if (!known) return known.error();
    if (const auto done = write_one(block, *known); !done) return done;
  }
  return transaction->commit();
}

Result<void> HistoryFile::write_one(const HistoryBlock& block, std::int64_t number) {
  const auto key = key_of(block.quarter, number);
  const auto earlier = database_.rows(minute_row, {key});
  if (!earlier) return earlier.error();
  auto minutes = earlier->empty() ? Minutes{} : aggregates_of<minutes_a_quarter>(earlier->front().blob(0));
  for (std::size_t minute = 0; minute < minutes.size(); ++minute) minutes[minute].merge(block.minutes[minute]);
  return database_.run("INSERT OR REPLACE INTO minute VALUES (?1, ?2)", {key, bytes_of(minutes)});
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

Result<std::vector<std::int64_t>> HistoryFile::numbers() {
  const auto rows = database_.rows("SELECT number FROM point ORDER BY number");
  if (!rows) return rows.error();
  std::vector<std::int64_t> result;
  for (const auto& row : *rows) result.push_back(row.integer(0));
  return result;
}

Result<std::optional<std::int64_t>> HistoryFile::edge(std::string_view sql) {
  const auto rows = database_.rows(sql);
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<std::int64_t>{};
  return std::optional{time_of(rows->front().integer(0))};
}

Result<std::optional<Time>> HistoryFile::end_of_quarters() {
  const auto day = edge("SELECT key FROM quarter ORDER BY key DESC LIMIT 1");
  if (!day) return day.error();
  return *day ? std::optional{Time{(**day + 1) * Days{1}}} : std::nullopt;
}

Result<void> HistoryFile::roll_up(Time before) {
  for (;;) {
    const auto first = edge("SELECT key FROM minute ORDER BY key LIMIT 1");
    if (!first) return first.error();
    if (!*first || Time{(day_of(**first) + 1) * Days{1}} > before) return {};
    if (const auto done = roll_up_day(day_of(**first)); !done) return done;
  }
}

/// In several transactions: what was rolled up is not forgotten before all of it is, and doing it again changes nothing.
Result<void> HistoryFile::roll_up_day(std::int64_t day) {
  const auto all = numbers();
  if (!all) return all.error();
  for (std::size_t from = 0; from < all->size(); from += points_at_once) {
    auto transaction = Transaction::begin(database_);
    if (!transaction) return transaction.error();
    for (const auto number : std::span{*all}.subspan(from, std::min(points_at_once, all->size() - from))) {
      if (const auto done = roll_up_point(day, number); !done) return done;
    }
    if (const auto done = transaction->commit(); !done) return done;
  }
  const auto end = (day + 1) * static_cast<std::int64_t>(quarters_a_day);
  for (auto quarter = end - static_cast<std::int64_t>(quarters_a_day); quarter < end; quarter += quarters_at_once) {
    const auto done = database_.run("DELETE FROM minute WHERE key < ?1", {key_of(quarter + quarters_at_once)});
    if (!done) return done;
  }
  return {};
}

Result<void> HistoryFile::roll_up_point(std::int64_t day, std::int64_t number) {
  const auto earlier = database_.rows(quarter_row, {key_of(day, number)});
  if (!earlier) return earlier.error();
  auto quarters = earlier->empty() ? Quarters{} : aggregates_of<quarters_a_day>(earlier->front().blob(0));
  bool any = false;
  for (std::size_t place = 0; place < quarters_a_day; ++place) {
    const auto quarter = day * static_cast<std::int64_t>(quarters_a_day) + static_cast<std::int64_t>(place);
    const auto rows = database_.rows(minute_row, {key_of(quarter, number)});
    if (!rows) return rows.error();
    if (rows->empty()) continue;
    quarters[place] = joined(aggregates_of<minutes_a_quarter>(rows->front().blob(0)));
    any = true;
  }
  if (!any) return {};
  return database_.run("INSERT OR REPLACE INTO quarter VALUES (?1, ?2)", {key_of(day, number), bytes_of(quarters)});
}

Result<std::uint64_t> HistoryFile::pages_in_use() {
  const auto all = database_.integer("PRAGMA page_count");
  if (!all) return all.error();
  const auto unused = database_.integer("PRAGMA freelist_count");
  if (!unused) return unused.error();
  return static_cast<std::uint64_t>(*all - *unused);
}

Result<void> HistoryFile::keep_size() {
  const auto points = database_.integer("SELECT count(*) FROM point");
  if (!points) return points.error();
  // Beside the log, a quarter of an hour of all points must fit, for that much is written before this is asked again.
  const auto reserve = 2 * log_pages + 16 + static_cast<std::uint64_t>(*points) * (sizeof(Minutes) + 32) / page;
  const auto whole = size_ / page;
  const auto limit = whole > 2 * reserve ? whole - reserve : whole / 2;
  for (;;) {
    const auto used = pages_in_use();
    if (!used) return used.error();
    if (*used <= limit) return {};
    const auto forgotten = forget_oldest();
    if (!forgotten) return forgotten.error();
    if (!*forgotten) return {};
  }
}

/// False if there is nothing left to forget.
Result<bool> HistoryFile::forget_oldest() {
  const auto day = edge("SELECT key FROM quarter ORDER BY key LIMIT 1");
  if (!day) return day.error();
  const auto quarter = edge("SELECT key FROM minute ORDER BY key LIMIT 1");
  if (!quarter) return quarter.error();
  if (!*day && !*quarter) return false;
  const bool oldest_is_a_day = *day && (!*quarter || **day <= day_of(**quarter));
  const auto done = oldest_is_a_day
                        ? database_.run("DELETE FROM quarter WHERE key < ?1", {key_of(**day + 1)})
                        : database_.run("DELETE FROM minute WHERE key < ?1", {key_of(**quarter + quarters_at_once)});
  if (!done) return done.error();
  return true;
}

Result<void> HistoryFile::minutes(std::int64_t number, Time from, Time to, const Take& take) {
  const auto take_row = [&](std::int64_t quarter, const Minutes& minutes) {
    auto begin = begin_of_quarter(quarter);
    for (const auto& minute : minutes) {
      if (!minute.is_empty() && begin >= from && begin < to) take(begin, minute);
      begin += one_minute;
    }
  };
  return walk<minutes_a_quarter>(database_, minute_row, next_minute, number, {quarter_of(from), quarter_of(to)},
                                 take_row);
}

Result<void> HistoryFile::quarters(std::int64_t number, Time from, Time to, const Take& take) {
  const auto take_row = [&](std::int64_t day, const Quarters& quarters) {
    Time begin{day * Days{1}};
    for (const auto& quarter : quarters) {
      if (!quarter.is_empty() && begin >= from && begin < to) take(begin, quarter);
      begin += one_quarter;
    }
  };
  return walk<quarters_a_day>(database_, quarter_row, next_quarter, number,
                              {day_of(quarter_of(from)), day_of(quarter_of(to))}, take_row);
}

}  // namespace fettle::store
