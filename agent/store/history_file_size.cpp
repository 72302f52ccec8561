#include "store/history_file.hpp"
#include "store/history_keys.hpp"

#include <fmt/format.h>

namespace fettle::store {
namespace {

constexpr std::uint64_t page = 4096;

/// The log grows so far before it is copied into the file, and is cut back to it afterwards.
constexpr std::uint64_t log_pages = 200;

/// How many quarters of an hour are forgotten at once where not even a day has room.
constexpr std::int64_t quarters_at_once = 4;

}  // namespace

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
  // Beside the log, a quarter of an hour and a rolled-up day of all points must fit, for that much is written before this
  // is asked again.
  const auto row = sizeof(Minutes) + sizeof(Quarters) + 64;
  const auto reserve = 2 * log_pages + 16 + 2 * static_cast<std::uint64_t>(*points) * row / page;
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
  const auto first = integers("SELECT key FROM quarter ORDER BY key LIMIT 1");
  if (!first) return first.error();
  const auto all = days();
  if (!all) return all.error();
  if (first->empty() && all->empty()) return false;
  const auto forgotten = [&]() -> Result<void> {
    if (!first->empty() && (all->empty() || time_of(first->front()) <= all->front())) {
      return database_.run("DELETE FROM quarter WHERE key < ?1", {key_of(time_of(first->front()) + 1)});
    }
    return all->size() > 1 ? drop_day(all->front()) : forget_hour(all->front());
  }();
  if (!forgotten) return forgotten.error();
  return true;
}

/// Of the only day there is.
Result<void> HistoryFile::forget_hour(std::int64_t day) {
  const auto table = table_of(day);
  const auto first = integers(fmt::format("SELECT key FROM {} ORDER BY key LIMIT 1", table));
  if (!first) return first.error();
  if (first->empty()) return drop_day(day);
  return database_.run(fmt::format("DELETE FROM {} WHERE key < ?1", table),
                       {key_of(time_of(first->front()) + quarters_at_once)});
}

}  // namespace fettle::store
