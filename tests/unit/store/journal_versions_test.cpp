#include "sample_journal.hpp"
#include "store/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>

namespace fettle::store {
namespace {

using ::testing::ElementsAre;

/// The tables of version 1, with an open alert, a closed one, a lesson, and the lock taken by WAL.
constexpr const char* first_version = R"(
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1179931724;
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE alert(id TEXT PRIMARY KEY, slot TEXT NOT NULL, rev INTEGER NOT NULL, sequence INTEGER NOT NULL UNIQUE,
  state TEXT NOT NULL, changed_at INTEGER NOT NULL, document TEXT NOT NULL, dirty INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX one_open_episode_per_slot ON alert(slot) WHERE state <> 'closed';
CREATE INDEX dirty_alert ON alert(sequence) WHERE dirty;
CREATE TABLE last_closed(slot TEXT PRIMARY KEY, id TEXT NOT NULL, closed_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE learned(part TEXT PRIMARY KEY, version INTEGER NOT NULL, settings_hash INTEGER NOT NULL,
  length INTEGER NOT NULL, crc INTEGER NOT NULL, bytes BLOB NOT NULL);
INSERT INTO counter VALUES ('sequence', 1790000000000002), ('session', 1790000003), ('clock_confirmed', 1),
  ('info_rev', 4), ('info_hash', 9), ('info_sent', 4);
INSERT INTO alert VALUES ('A', 'AHU-07/a', 3, 1790000000000001, 'active', 1790000000000, 'open', 1, 0),
  ('B', 'AHU-07/b', 2, 1790000000000002, 'closed', 1790000000000, 'closed', 0, 0);
INSERT INTO last_closed VALUES ('AHU-07/b', 'B', 1790000000000);
INSERT INTO learned VALUES ('part', 1, 2, 0, 0, x'');
)";

TEST(JournalVersions, opens_a_file_of_the_first_version_with_all_that_is_in_it) {
  const test::TempDir folder;
  execute(folder.file("journal.db"), first_version);
  auto journal = opened(folder);
  EXPECT_FALSE(std::filesystem::exists(folder.file("journal.db.damaged-20261121T091458Z")));
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-3"));
  EXPECT_EQ(journal.find("A").value()->document, "open");
  EXPECT_EQ(journal.outcomes(5).value().front().document, "closed");
  EXPECT_EQ(journal.load_state("part", 1, 2), Bytes{});
  EXPECT_EQ(journal.info_rev(9).value(), 4U);
  EXPECT_FALSE(journal.is_awaiting_clock());
  EXPECT_EQ(journal.sequence().value(), 1790000000000002U) << "it was never left for memory, so no number is left out";
  record(journal, {alert("a", "A", 4)});
  EXPECT_EQ(journal.find("A").value()->sequence, 1790000000000003U);
}

/// The statements of the first version that write.
TEST(JournalVersions, leaves_a_file_that_the_first_version_can_go_on_with) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    record(journal, {alert("a", "A", 1)});
  }
  execute(folder.file("journal.db"), R"(
    INSERT OR IGNORE INTO counter VALUES ('sequence', 1), ('session', 1), ('clock_confirmed', 0), ('info_rev', 0),
      ('info_hash', 0), ('info_sent', 0);
    INSERT OR IGNORE INTO alert(id, slot, rev, sequence, state, changed_at, document, dirty)
      VALUES ('B', 'AHU-07/b', 1, 1795252498000002, 'closed', 5, 'theirs', 1);
    INSERT INTO last_closed VALUES ('AHU-07/b', 'B', 5);
    INSERT OR REPLACE INTO learned VALUES ('part', 1, 2, 0, 0, x'');
    DELETE FROM alert WHERE state = 'closed' AND dirty = 0 AND changed_at < 4;
    PRAGMA application_id = 1179931724;)");
  auto journal = opened(folder);
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-1", "B-1"));
}

}  // namespace
}  // namespace fettle::store
