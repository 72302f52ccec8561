#pragma once

#include "core/reading.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "settings/node.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fettle::store {

/// `store.history:` of a site file.
struct HistorySettings {
  std::uint64_t size = 64'000'000;       ///< bytes on disk, all together; the oldest goes first
  Duration raw = std::chrono::hours{1};  ///< every reading, in memory
  Duration minutes = Days{14};           ///< aggregates of a minute on disk; older ones of a quarter of an hour
};

HistorySettings read_history(const settings::Node& node, settings::Mistakes& mistakes);

/// What a point was during one step: the extremes and the mean of its good readings. NaN where there was none.
struct HistoryRow {
  Time time{};  ///< begin of the step
  double lowest = 0, mean = 0, highest;
};

/// Where the history cannot be given with the step that was asked for.
struct HistoryAnswer {
  std::vector<HistoryRow> rows;
  Duration step{};  ///< that the rows have: at least what is stored so far back
};

/// The course of every point, in `folder`/history.db: raw in memory for the last hours, aggregates of a minute and then of a quarter of
/// an hour on disk. It may lose the last quarter of an hour to a power cut, and never grows beyond its size. Lives on home.
class History {
 public:
  /// `points`: stable names by PointId, "AHU-01/filter_dp" or "device/point"; another installation finds its points by them again.
  static Result<std::unique_ptr<History>> open(const std::string& folder, const HistorySettings& settings,
                                               std::vector<std::string> points);
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  /// Does not allocate once warmed up. Bad readings are left out.
  void add(const Reading& reading);
  /// To be called about once a minute: writes what is due every quarter of an hour, and keeps the size. Errors once per trouble.
  Result<void> tick(Time now);
  /// Writes everything that is complete; before a clean stop.
  Result<void> flush(Time now);
  /// Rows from `from` to before `to`, each `step` long, oldest first; steps without a reading are left out.
  Result<HistoryAnswer> rows(const std::string& point, Time from, Time to, Duration step);
};

}  // namespace fettle::store
