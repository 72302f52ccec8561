#include "store/spool.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

namespace fettle::store {
namespace {

namespace fs = std::filesystem;

/// "FTTT": tells our file from any other SQLite file.
constexpr std::int64_t application_id = 0x46545454;
/// Small, because each transaction writes whole pages, and holds about half a second of batches.
constexpr std::int64_t page_size = 1024;
/// Of the size, for the write-ahead log: 200 pages until it is written back, and a transaction.
constexpr std::uint64_t log_size = 1'000'000;
/// Pages beside those of the documents that one transaction may come to need: the tree's inner pages, the list of free ones.
constexpr std::int64_t inner_pages = 16;
constexpr std::int64_t row_overhead = 32;
constexpr int dropped_at_once = 4;

/// WAL with NORMAL never corrupts the file; a commit is a write without waiting for the disk, which is enough against kill -9.
constexpr std::array opening{
    "PRAGMA page_size = 1024",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 200",
    "PRAGMA journal_size_limit = 524288",
    "PRAGMA secure_delete = OFF",  // Debian's default overwrites what is deleted: as much wear again
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA cache_size = -256",
    "CREATE TABLE IF NOT EXISTS batch(seq INTEGER PRIMARY KEY, device TEXT NOT NULL, document TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT OR IGNORE INTO counter VALUES ('next', 0), ('clean', 1), ('dropped', 0)",
};

std::int64_t signed_number(std::uint64_t number) { return static_cast<std::int64_t>(number); }
std::uint64_t unsigned_number(std::int64_t number) { return static_cast<std::uint64_t>(number); }

/// At most: short rows may leave half of their page empty, long ones have pages of their own.
std::int64_t pages_for(std::span<const SpooledBatch> batches) {
  std::int64_t bytes = 0;
  for (const auto& batch : batches) {
    const auto size = signed_number(batch.document.size() + batch.device.size()) + row_overhead;
    bytes += size < page_size / 2 ? 2 * size : (size / page_size + 1) * page_size;
  }
  return bytes / page_size + inner_pages;
}

}  // namespace

Spool::Spool(std::string folder, std::uint64_t size)
    : file_{(fs::path{std::move(folder)} / "telemetry.db").string()},
      most_pages_{signed_number(size - std::min(size, log_size)) / page_size} {}

Spool::Beginning Spool::begin(Time now) {
  const auto by_time = unsigned_number(std::chrono::microseconds{now.time_since_epoch()}.count());
  const auto opened = use();
  const auto next = opened ? database_->integer("SELECT value FROM counter WHERE name = 'next'") : opened.error();
  const auto clean = next ? database_->integer("SELECT value FROM counter WHERE name = 'clean'") : next.error();
  if (!clean) {
    spdlog::error("{}; telemetry waits in memory meanwhile", answer(clean.error()).detail);
    return {std::max<std::uint64_t>(1, by_time), true};
  }
  const bool crashed = *clean == 0;
  const auto reserved = std::max(unsigned_number(*next), last_ + 1);
  return {crashed || *next == 0 ? std::max(reserved, by_time) : reserved, crashed};
}

Result<void> Spool::use() {
  if (database_) return {};
  auto opened = open();
  if (opened || opened.error().fault != Fault::malformed) return opened;
  answer(opened.error());
  return open();
}

Result<void> Spool::open() {
  auto database = Database::open(file_);
  if (!database) return database.error();
  if (const auto alone = database->run("PRAGMA locking_mode = EXCLUSIVE"); !alone) return alone;
  if (const auto ours = database->check_owner(application_id); !ours) return ours.error();
  if (const auto done = database->run_all(opening); !done) return done;
  const auto settled =
      std::array{fmt::format("PRAGMA application_id = {}", application_id),
                 fmt::format("PRAGMA max_page_count = {}", std::max<std::int64_t>(most_pages_, inner_pages))};
  database_.emplace(std::move(*database));
  auto done = shrink();
  for (const auto& sql : settled) {
    if (done) done = database_->run(sql);
  }
  if (done) done = look_inside();
  if (!done) database_.reset();
  return done;
}

/// After the size was reduced in the settings.
Result<void> Spool::shrink() {
  const auto pages = database_->integer("PRAGMA page_count");
  if (!pages) return pages.error();
  if (*pages <= most_pages_) return {};
  const auto lost = make_room(inner_pages);
  if (!lost) return lost.error();
  if (const auto done = database_->run("VACUUM"); !done) return done;
  if (const auto done =
          database_->run("UPDATE counter SET value = value + ?1 WHERE name = 'dropped'", {signed_number(*lost)});
      !done) {
    return done;
  }
  return database_->run("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<void> Spool::look_inside() {
  const auto bounds = database_->rows("SELECT count(*), min(seq), max(seq) FROM batch");
  if (!bounds) return bounds.error();
  const auto lost = database_->integer("SELECT value FROM counter WHERE name = 'dropped'");
  if (!lost) return lost.error();
  count_ = static_cast<std::size_t>(bounds->front().integer(0));
  first_ = unsigned_number(bounds->front().integer(1));
  last_ = unsigned_number(bounds->front().integer(2));
  dropped_ += unsigned_number(*lost);
  return {};
}

Result<void> Spool::set(const char* name, std::int64_t value) {
  return database_->run("UPDATE counter SET value = ?2 WHERE name = ?1", {std::string_view{name}, value});
}

Result<void> Spool::reserve(std::uint64_t seq) {
  if (const auto opened = use(); !opened) return opened;
  auto transaction = Transaction::begin(*database_);
  if (!transaction) return answer(transaction.error());
  for (const auto& done : {set("next", signed_number(seq)), set("clean", 0)}) {
    if (!done) return answer(done.error());
  }
  if (const auto done = transaction->commit(); !done) return answer(done.error());
  return {};
}

Result<void> Spool::close(std::uint64_t seq) {
  if (const auto opened = use(); !opened) return opened;
  auto transaction = Transaction::begin(*database_);
  if (!transaction) return answer(transaction.error());
  for (const auto& done : {set("next", signed_number(seq)), set("clean", 1), set("dropped", signed_number(dropped_))}) {
    if (!done) return answer(done.error());
  }
  if (const auto done = transaction->commit(); !done) return answer(done.error());
  return {};
}

Result<void> Spool::keep(std::span<const SpooledBatch> batches) {
  if (batches.empty()) return {};
  if (const auto opened = use(); !opened) return opened;
  auto written = write(batches);
  if (!written) return answer(written.error());
  return {};
}

Result<void> Spool::write(std::span<const SpooledBatch> batches) {
  auto transaction = Transaction::begin(*database_);
  if (!transaction) return transaction.error();
  const auto lost = make_room(pages_for(batches));
  if (!lost) return lost.error();
  for (const auto& batch : batches) {
    const auto done =
        database_->run("INSERT INTO batch VALUES (?1, ?2, ?3)",
                       {signed_number(batch.seq), std::string_view{batch.device}, std::string_view{batch.document}});
    if (!done) return done;
  }
  if (const auto done = set("dropped", signed_number(dropped_ + *lost)); !done) return done;
  const auto first = database_->integer("SELECT min(seq) FROM batch");
  if (!first) return first.error();
  if (const auto done = transaction->commit(); !done) return done;
  count_ += batches.size() - static_cast<std::size_t>(*lost);
  dropped_ += *lost;
  first_ = unsigned_number(*first);
  last_ = batches.back().seq;
  return {};
}

/// How many had to go.
Result<std::uint64_t> Spool::make_room(std::int64_t pages) {
  std::uint64_t lost = 0;
  for (;;) {
    const auto free = free_pages();
    if (!free) return free.error();
    if (*free >= pages) return lost;
    const auto done = database_->run("DELETE FROM batch WHERE seq IN (SELECT seq FROM batch ORDER BY seq LIMIT ?1)",
                                     {std::int64_t{dropped_at_once}});
    if (!done) return done.error();
    if (database_->changes() == 0) return lost;
    lost += unsigned_number(database_->changes());
  }
}

Result<std::int64_t> Spool::free_pages() {
  const auto pages = database_->integer("PRAGMA page_count");
  if (!pages) return pages;
  const auto free = database_->integer("PRAGMA freelist_count");
  if (!free) return free;
  return most_pages_ - *pages + *free;
}

Result<std::vector<SpooledBatch>> Spool::after(std::uint64_t seq, std::size_t at_most) {
  if (const auto opened = use(); !opened) return opened.error();
  const auto rows = database_->rows("SELECT seq, device, document FROM batch WHERE seq > ?1 ORDER BY seq LIMIT ?2",
                                    {signed_number(seq), signed_number(at_most)});
  if (!rows) return answer(rows.error());
  std::vector<SpooledBatch> batches;
  for (const auto& row : *rows) batches.push_back({unsigned_number(row.integer(0)), row.text(1), row.text(2)});
  return batches;
}

Result<void> Spool::forget(std::uint64_t up_to) {
  if (count_ == 0 || up_to < first_) return {};
  if (const auto opened = use(); !opened) return opened;
  if (const auto done = database_->run("DELETE FROM batch WHERE seq <= ?1", {signed_number(up_to)}); !done) {
    return answer(done.error());
  }
  count_ -= std::min(count_, static_cast<std::size_t>(database_->changes()));
  if (count_ == 0) {
    first_ = last_ = 0;
    database_->release_pages();  // a healthy link may leave it unused for weeks
    return {};
  }
  const auto first = database_->integer("SELECT min(seq) FROM batch");
  if (!first) return answer(first.error());
  first_ = unsigned_number(*first);
  return {};
}

Error Spool::answer(Error error) {
  if (error.fault != Fault::malformed) return error;
  database_.reset();
  // One is enough to look at; telemetry is not worth a disk full of damaged files.
  const auto aside = file_ + ".damaged";
  std::error_code code;
  fs::rename(file_, aside, code);
  for (const auto* const suffix : {"-wal", "-shm"}) fs::remove(file_ + suffix, code);
  spdlog::error("the telemetry buffer is damaged: {}; it is kept as {}, and a new one is begun; {} batches are lost",
                error.detail, aside, count_);
  dropped_ += count_;
  count_ = 0;
  first_ = last_ = 0;
  return error;
}

}  // namespace fettle::store
