#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle::store {

/// A document on its way to the broker; numbers rise.
struct SpooledBatch {
  std::uint64_t seq = 0;
  std::string device, document;
};

/// Telemetry that waits for the broker, in `folder`/telemetry.db: never larger than its size, the oldest goes first. What was kept
/// survives the death of the process; a power cut may take the last moments, and never more. A file that is damaged is moved aside, and a
/// disk that is full is asked again each time.
class Spool {
 public:
  /// Where the numbers of a run begin.
  struct Beginning {
    std::uint64_t seq = 1;     ///< above all that were ever used
    bool after_crash = false;  ///< close() was not called last time
  };

  /// `size` in bytes is that of all its files together. Opens nothing yet.
  Spool(std::string folder, std::uint64_t size);

  /// Opens the file. Whatever became of the former one, the number is new: of a lost file's successor it begins at the time in
  /// microseconds, which no batches are as frequent as.
  Beginning begin(Time now);
  /// From now on numbers below `seq` may be used.
  Result<void> reserve(std::uint64_t seq);
  /// A clean end; the next run begins at `seq`.
  Result<void> close(std::uint64_t seq);

  /// All or none. Makes room first where there is none.
  Result<void> keep(std::span<const SpooledBatch> batches);
  Result<std::vector<SpooledBatch>> after(std::uint64_t seq, std::size_t at_most);
  Result<void> forget(std::uint64_t up_to);

  std::size_t count() const { return count_; }
  /// The highest number; 0 while it is empty.
  std::uint64_t last() const { return last_; }
  /// Lost for want of room, over all runs. What is counted here is written with the next batch.
  std::uint64_t dropped() const { return dropped_; }
  void count_dropped(std::uint64_t more) { dropped_ += more; }

 private:
  Result<void> open();
  Result<void> use();
  Result<void> look_inside();
  Result<void> shrink();
  Result<void> write(std::span<const SpooledBatch> batches);
  Result<std::uint64_t> make_room(std::int64_t pages);
  Result<std::int64_t> free_pages();
  Result<void> set(const char* name, std::int64_t value);
  /// Moves a damaged file aside; the error goes on.
  Error answer(Error error);

  std::string file_;
  std::int64_t most_pages_;
  std::optional<Database> database_;
  std::size_t count_ = 0;
  std::uint64_t first_ = 0, last_ = 0, dropped_ = 0;
};

}  // namespace fettle::store
