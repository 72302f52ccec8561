#pragma once

#include "store/journal.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <string>
#include <utility>
#include <vector>

namespace fettle::store {

inline Time moment() { return parse_rfc3339("2026-11-21T09:14:58Z").value(); }

inline Alert alert(const std::string& mode, const std::string& id, int rev, AlertState state = AlertState::active) {
  Alert result;
  result.asset = "AHU-07";
  result.mode = mode;
  result.id = id;
  result.rev = rev;
  result.state = state;
  result.changed_at = moment();
  return result;
}

inline std::string render(const Alert& alert, std::uint64_t sequence) {
  return fmt::format("{} {} {} {}", alert.slot(), alert.id, alert.rev, sequence);
}

inline Journal opened(const test::TempDir& folder) {
  auto journal = Journal::open(folder.path().string(), moment());
  EXPECT_TRUE(journal) << journal.error().detail;
  return std::move(journal.value());
}

inline void record(Journal& journal, std::vector<Alert> alerts) {
  const auto recorded = journal.record(alerts, render);
  ASSERT_TRUE(recorded) << recorded.error().detail;
}

inline std::vector<std::string> dirty_ids(Journal& journal) {
  std::vector<std::string> result;
  for (const auto& each : journal.dirty(100).value()) result.push_back(fmt::format("{}-{}", each.id, each.rev));
  return result;
}

/// What another program does to the file.
inline void execute(const std::string& file, const char* sql) {
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(connection);
  sqlite3_close(connection);
}

}  // namespace fettle::store
