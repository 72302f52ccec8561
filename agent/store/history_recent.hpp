#pragma once

#include "core/reading.hpp"
#include "core/result.hpp"
#include "store/history_block.hpp"

#include <array>
#include <boost/circular_buffer.hpp>
#include <cstdint>
#include <optional>
#include <vector>

namespace fettle::store {

/// The latest readings of all points as they came, 4 bytes each, and 12 for those of a moment and of consecutive points together: as many
/// as the window holds, at most 100,000, in at most half as many runs.
class RawReadings {
 public:
  explicit RawReadings(Duration window) : window_{window} {}

  void add(const Reading& reading);
  /// From here on nothing is missing.
  Time since() const { return since_; }
  /// Those of a point within [from, to), in the order in which they came.
  template <class Take>
  void each(PointId point, Time from, Time to, const Take& take) const {
    std::size_t place = 0;
    for (const auto& run : runs_) {
      const auto inside = point.index - run.first();  // very large if it lies before
      if (inside < run.count && run.time() >= from && run.time() < to) {
        take(run.time(), static_cast<double>(values_[place + inside]));
      }
      place += run.count;
    }
  }
  std::size_t size() const { return values_.size(); }

 private:
  /// Readings of one time and of consecutive points. A time of 42 bits (until 2109) beside the first point's 22 bits, split so that nothing
  /// is padded.
  struct Run {
    Run(Time time, std::uint32_t first)
        : high{static_cast<std::uint32_t>(time.time_since_epoch().count() >> 10)},
          low{static_cast<std::uint32_t>(time.time_since_epoch().count() << 22) | first} {}
    Time time() const { return Time{Duration{static_cast<std::int64_t>((std::uint64_t{high} << 32 | low) >> 22)}}; }
    std::uint32_t first() const { return low & 0x3fffff; }

    std::uint32_t high, low, count = 0;
  };
  static_assert(sizeof(Run) == 12);

  void make_room(Time now);
  void drop_oldest();

  Duration window_;
  boost::circular_buffer<Run> runs_;
  boost::circular_buffer<float> values_;
  Time since_ = Time::max();
};

/// The aggregates of a minute that are not on disk yet, each quarter of an hour by itself: late readings and a clock that steps back find
/// their place. Bounded: the earliest quarter goes when there are more than four and, of all points together, 10,000 blocks besides.
class RecentMinutes {
 public:
  explicit RecentMinutes(std::size_t points) : points_{points} {}

  /// The first reading of a minute makes room for all points, and no other allocates.
  void add(const Reading& reading);
  /// True if a quarter before this one is here.
  bool has_before(std::int64_t quarter) const { return !quarters_.empty() && quarters_.front().number < quarter; }
  /// What is before the quarter, the earliest first, in portions that are passed to `write`, until one fails.
  template <class Write>
  Result<void> each_before(std::int64_t quarter, const Write& write) const {
    std::vector<HistoryBlock> blocks;
    for (const auto& each : quarters_) {
      for (std::size_t point = 0; each.number < quarter && point < points_; ++point) {
        if (const auto block = block_of(each, point)) blocks.push_back(*block);
        if (blocks.size() < portion) continue;
        if (const auto written = write(blocks); !written) return written;
        blocks.clear();
      }
    }
    return blocks.empty() ? Result<void>{} : write(blocks);
  }
  /// They are written.
  void forget_before(std::int64_t quarter);
  /// How many blocks were dropped because nothing could be written for too long.
  std::uint64_t dropped() const { return dropped_; }
  /// Everything of a point.
  template <class Take>
  void each(PointId point, const Take& take) const {
    for (const auto& quarter : quarters_) {
      auto begin = begin_of_quarter(quarter.number);
      for (const auto& minute : quarter.minutes) {
        if (!minute.empty() && minute[point.index].count > 0) take(begin, minute[point.index].values);
        begin += one_minute;
      }
    }
  }

 private:
  struct Cell {
    Aggregate values;
    std::uint32_t count = 0;
  };
  /// A quarter of an hour: for each minute in which anything was read, one cell a point.
  struct Quarter {
    std::int64_t number = 0;
    std::array<std::vector<Cell>, minutes_a_quarter> minutes;
  };
  /// How much is written in one transaction, so that the log stays short after a long trouble.
  static constexpr std::size_t portion = 1'000;

  Quarter& quarter(std::int64_t number);
  void drop_earliest();
  static std::optional<HistoryBlock> block_of(const Quarter& quarter, std::size_t point);  ///< nothing if it has none

  std::size_t points_;
  std::vector<Quarter> quarters_;  ///< rising
  std::uint64_t dropped_ = 0;
};

}  // namespace fettle::store
