#pragma once

#include "store/history.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fettle::store {

/// The begin of a day.
inline Time midnight() { return parse_rfc3339("2026-11-21T00:00:00Z").value(); }

inline std::vector<std::string> names_of(std::size_t points) {
  std::vector<std::string> result;
  for (std::size_t point = 0; point < points; ++point) result.push_back(fmt::format("AHU-01/p{}", point));
  return result;
}

inline std::unique_ptr<History> opened_history(const test::TempDir& folder, HistorySettings settings = {},
                                               std::size_t points = 2) {
  auto history = History::open(folder.path().string(), settings, names_of(points));
  EXPECT_TRUE(history) << history.error().detail;
  return std::move(history.value());
}

inline void add(History& history, Time time, double value, std::uint32_t point = 0) {
  history.add(good(PointId{point}, time, value));
}

inline HistoryAnswer rows_of(History& history, Time from, Time to, Duration step,
                             const std::string& point = "AHU-01/p0") {
  auto answer = history.rows(point, from, to, step);
  EXPECT_TRUE(answer) << answer.error().detail;
  return answer ? *answer : HistoryAnswer{};
}

/// "00:05 1 2 3": time of day, lowest, mean, highest.
inline std::vector<std::string> texts_of(const HistoryAnswer& answer) {
  std::vector<std::string> result;
  for (const auto& row : answer.rows) {
    const auto text = to_rfc3339(row.time);
    result.push_back(fmt::format("{} {} {} {}", text.substr(11, text.size() - 12), row.lowest, row.mean, row.highest));
  }
  return result;
}

}  // namespace fettle::store
