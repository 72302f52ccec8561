#pragma once

#include "core/reading.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "store/history_file.hpp"
#include "store/history_recent.hpp"
#include "store/history_settings.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fettle::store {

/// What a point was during one step: the extremes and the mean of its good readings. NaN where there was none.
struct HistoryRow {
  Time time{};  ///< begin of the step
  double lowest = 0, mean = 0, highest = 0;
};

/// Where the history cannot be given with the step that was asked for.
struct HistoryAnswer {
  std::vector<HistoryRow> rows;
  Duration step{};  ///< that the rows have: at least what is stored so far back
};

/// The course of every point, in `folder`/history.db: raw in memory for the last hours, aggregates of a minute and then of a quarter of
/// an hour on disk. It may lose the last quarter of an hour to a power cut, and never grows beyond its size. Lives on home.
/// Values are kept to seven digits. A damaged file is moved aside and begun anew. While the disk refuses, history goes on in memory
/// within bounds: the oldest quarters of an hour are dropped after 10,000 of all points together.
class History {
 public:
  /// `points`: stable names by PointId, "AHU-01/filter_dp" or "device/point"; another installation finds its points by them again.
  /// A disk in trouble is no error here: the file is opened as soon as it can be. It is one if another process holds the file.
  static Result<std::unique_ptr<History>> open(const std::string& folder, const HistorySettings& settings,
                                               std::vector<std::string> points);

  /// Allocates once a minute for all points together, and for no reading once warmed up. Bad readings are left out.
  void add(const Reading& reading);
  /// To be called about once a minute: writes what is due every quarter of an hour, and keeps the size. Errors once per trouble.
  Result<void> tick(Time now);
  /// Writes everything there is; before a clean stop.
  Result<void> flush(Time now);
  /// Rows from `from` to before `to`, each `step` long, oldest first; steps without a reading are left out. `from` and `step` are
  /// rounded to what is stored so far back. A point that nobody knows is unsupported.
  Result<HistoryAnswer> rows(const std::string& point, Time from, Time to, Duration step);
  /// Nothing could be written the last time it was due.
  bool is_in_trouble() const { return in_trouble_; }

 private:
  History(std::string file, const HistorySettings& settings, std::vector<std::string> points);
  Result<void> open_file();
  /// The quarters of an hour before one; what else is due by now.
  Result<void> write(Time now, std::int64_t before);
  Result<void> write_recent(Time now, std::int64_t before);
  /// Begins a new file if this one is damaged. Returns the error.
  Error noticed(const Error& error);
  Result<void> told(const Result<void>& outcome);
  Result<std::optional<std::int64_t>> number_of(const std::string& point);
  Result<HistoryAnswer> aggregated(std::optional<PointId> live, std::optional<std::int64_t> number, Time from, Time to,
                                   Duration step);
  Result<Duration> stored_unit(Time from);

  std::string path_;
  HistorySettings settings_;
  std::vector<std::string> points_;
  RawReadings raw_;
  RecentMinutes recent_;
  std::optional<HistoryFile> file_;
  bool in_trouble_ = false;
};

}  // namespace fettle::store
