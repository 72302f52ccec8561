#pragma once

#include "csv/recording.hpp"

#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle::csv {

/// A recording that another thread reads on while the rows in front are judged: a batch of them at a time, and the same rows in the same
/// order. In memory are two batches.
class ReadAhead {
 public:
  /// `reader` outlives this, or is joined before this ends.
  ReadAhead(Recording recording, boost::asio::thread_pool& reader)
      : recording_{std::move(recording)}, reader_{reader} {}
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// Of use before the first row: nothing is read behind the first row that comes after `to`.
  void stop_after(std::optional<Time> to) { to_ = to; }
  /// Goes to the next row, and waits for it; false at the end. An Error about a file comes in the place of its row.
  Result<bool> next();

  /// Of the row.
  Time time() const { return batch_.times[row_]; }
  /// Of the row, one a point of the profile, in its order.
  std::span<const Reading> readings() const;

  const std::vector<std::string>& files() const { return recording_.files(); }
  /// What was left out so far: up to the end of the batch that the row is of.
  const Left& left() const { return batch_.left; }
  std::uint64_t bytes_read() const { return batch_.bytes_read; }
  std::uint64_t bytes() const { return recording_.history().bytes(); }

 private:
  struct Batch {
    std::vector<Time> times;
    std::vector<Reading> readings;
    std::optional<Result<bool>> end;  ///< what came in the place of a row
    Left left;
    std::uint64_t bytes_read = 0;
  };

  Batch read();
  void order();

  Recording recording_;  ///< the other thread's, from an order to its batch
  boost::asio::thread_pool& reader_;
  std::optional<Time> to_;
  std::future<Batch> ordered_;
  Batch batch_;
  std::size_t row_ = 0;
};

}  // namespace fettle::csv
