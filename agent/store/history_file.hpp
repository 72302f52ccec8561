#pragma once

#include "core/result.hpp"
#include "store/database.hpp"
#include "store/history_block.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle::store {

/// history.db: aggregates of a minute, one row a quarter of an hour and point, and of a quarter of an hour, one row a day and point.
/// Rows lie in the order of time, so that writing appends. Each day's minutes are a table of their own, because a table that goes as a
/// whole frees its pages for the next one without writing them.
class HistoryFile {
 public:
  /// Opens or begins it. `size` bounds the file together with its log.
  static Result<HistoryFile> open(const std::string& file, std::uint64_t size);

  /// All or none. What is there already of the same quarter is joined with it. `names` by HistoryBlock::point.
  Result<void> write(std::span<const HistoryBlock> blocks, std::span<const std::string> names);
  /// Makes quarters of an hour out of the minutes of days that ended before `before`.
  Result<void> roll_up(Time before);
  /// Forgets the oldest as long as there is more than fits.
  Result<void> keep_size();
  /// Gives back what is needed while writing only.
  void rest() { database_.release_pages(); }

  /// The number of a point in this file; nothing if it was never written.
  Result<std::optional<std::int64_t>> number_of(const std::string& name);
  /// Up to here there are quarters of an hour only; nothing if there are minutes everywhere.
  Result<std::optional<Time>> end_of_quarters();
  /// Everything of a point that overlaps [from, to), by rising time.
  using Take = std::function<void(Time begin, const Aggregate& aggregate)>;
  Result<void> minutes(std::int64_t number, Time from, Time to, const Take& take);
  Result<void> quarters(std::int64_t number, Time from, Time to, const Take& take);

 private:
  HistoryFile(Database database, std::uint64_t size) : database_{std::move(database)}, size_{size} {}
  Result<void> begin();
  Result<std::int64_t> number(const std::string& name);
  Result<void> write_one(const HistoryBlock& block, std::int64_t number);
  Result<void> roll_up_day(std::int64_t day);
  Result<void> roll_up_point(std::int64_t day, std::int64_t number);
  /// The days that have minutes, rising.
  Result<std::vector<std::int64_t>> days();
  Result<void> drop_day(std::int64_t day);
  Result<std::vector<std::int64_t>> integers(std::string_view sql);
  Result<std::uint64_t> pages_in_use();
  Result<bool> forget_oldest();
  Result<void> forget_hour(std::int64_t day);

  Database database_;
  std::uint64_t size_;
};

}  // namespace fettle::store
