#pragma once

#include "core/reading.hpp"
#include "store/history_block.hpp"

#include <array>
#include <boost/circular_buffer.hpp>
#include <cstdint>
#include <vector>

namespace fettle::store {

/// The latest readings of all points as they came, 6 bytes each and 12 for those of a moment together: as many as the window holds, at
/// most 350,000, of at most half as many moments.
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
    for (const auto& moment : moments_) {
      const auto end = place + moment.count;
      const bool wanted = moment.page() == page_of(point) && moment.time() >= from && moment.time() < to;
      for (; place < end; ++place) {
        if (wanted && points_[place] == number_of(point)) take(moment.time(), static_cast<double>(values_[place]));
      }
    }
  }
  std::size_t size() const { return values_.size(); }

 private:
  /// Readings of one time, of points whose numbers have the upper bits in common. A time of 42 bits (until 2109) beside 22 bits, split so
  /// that nothing is padded.
  struct Moment {
    std::uint32_t high = 0, low = 0;
    std::uint32_t count = 0;
    std::uint64_t both() const { return std::uint64_t{high} << 32 | low; }
    std::uint32_t page() const { return static_cast<std::uint32_t>(both() & 0x3fffff); }
    Time time() const { return Time{Duration{static_cast<std::int64_t>(both() >> 22)}}; }
  };
  static_assert(sizeof(Moment) == 12);

  static std::uint32_t page_of(PointId point) { return point.index >> 16 & 0x3fffff; }
  static std::uint16_t number_of(PointId point) { return static_cast<std::uint16_t>(point.index); }

  void make_room(Time now);
  void drop_oldest();

  Duration window_;
  boost::circular_buffer<Moment> moments_;
  boost::circular_buffer<std::uint16_t> points_;
  boost::circular_buffer<float> values_;
  Time since_ = Time::max();
};

/// The aggregates of a minute that are not on disk yet: the quarters of an hour under way, two a point so that late readings and a
/// clock that steps back find their place, and behind them what waits to be written, at most 10,000 blocks.
class RecentMinutes {
 public:
  explicit RecentMinutes(std::size_t points) : open_(points) {}

  void add(const Reading& reading);
  /// Moves to the waiting ones what ended before `quarter`.
  void close_before(std::int64_t quarter);
  const std::vector<HistoryBlock>& waiting() const { return waiting_; }
  void written();
  /// How many blocks were dropped because nothing could be written for too long.
  std::uint64_t dropped() const { return dropped_; }
  /// Everything of a point, waiting or under way.
  template <class Take>
  void each(PointId point, const Take& take) const {
    for (const auto& block : waiting_) {
      if (block.point == point.index) each_minute(block.quarter, block.minutes, take);
    }
    for (const auto& quarter : open_[point.index]) {
      if (quarter.is_used()) each_minute(quarter.quarter, closed(quarter), take);
    }
  }

 private:
  struct Minute {
    Aggregate values;
    std::uint32_t count = 0;
  };
  struct Open {
    std::int64_t quarter = unused;
    std::array<Minute, minutes_a_quarter> minutes;
    bool is_used() const { return quarter != unused; }
  };
  static constexpr std::int64_t unused = std::numeric_limits<std::int64_t>::min();

  static Minutes closed(const Open& quarter);
  template <class Take>
  static void each_minute(std::int64_t quarter, const Minutes& minutes, const Take& take) {
    auto begin = begin_of_quarter(quarter);
    for (const auto& minute : minutes) {
      if (!minute.is_empty()) take(begin, minute);
      begin += one_minute;
    }
  }
  void close(Open& quarter, std::size_t point);

  std::vector<std::array<Open, 2>> open_;
  std::vector<HistoryBlock> waiting_;
  std::uint64_t dropped_ = 0;
};

}  // namespace fettle::store
