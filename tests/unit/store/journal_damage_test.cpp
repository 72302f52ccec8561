#include "sample_journal.hpp"
#include "store/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

namespace fettle::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::vector<std::string> files_in(const test::TempDir& folder) {
  std::vector<std::string> result;
  for (const auto& entry : fs::directory_iterator{folder.path()}) result.push_back(entry.path().filename().string());
  std::sort(result.begin(), result.end());
  return result;
}

void damage(const std::string& file, std::streamoff from, std::size_t length) {
  std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
  stream.seekp(from);
  stream << std::string(length, 'x');
}

TEST(Journal, is_moved_aside_when_the_version_bytes_of_its_header_are_damaged) {
  for (const std::streamoff byte : {18, 19, 47}) {
    const test::TempDir folder;
    {
      auto journal = opened(folder);
      record(journal, {alert("a", "A", 1)});
    }
    damage(folder.file("journal.db"), byte, 1);
    const auto again = Journal::open(folder.path().string(), Time{Duration{1'800'000'000'000}});
    ASSERT_TRUE(again) << byte << ": " << again.error().detail;
    EXPECT_THAT(files_in(folder), testing::Contains(HasSubstr("damaged"))) << byte;
  }
}

TEST(Journal, is_untouched_by_a_death_in_mid_transaction) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    record(journal, {alert("a", "A", 1)});
  }
  const auto die = [&folder] {
    auto journal = opened(folder);
    const std::vector alerts{alert("a", "A", 2), alert("b", "B", 1)};
    static_cast<void>(journal.record(alerts, [](const Alert& each, std::uint64_t) -> std::string {
      if (each.id == "B") _exit(7);
      return "half";
    }));
  };
  EXPECT_EXIT(die(), ::testing::ExitedWithCode(7), "");
  auto journal = opened(folder);
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-1"));
  EXPECT_EQ(journal.sequence().value(), 1795252498000001U);
  EXPECT_EQ(files_in(folder).size(), 2U) << "nothing was moved aside";
}

TEST(Journal, is_held_by_one_agent_at_a_time) {
  const test::TempDir folder;
  const auto first = opened(folder);
  const auto second = Journal::open(folder.path().string(), moment());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().fault, Fault::refused);
  EXPECT_EQ(second.error().detail,
            folder.file("journal.db") +
                ": another agent holds it; stop that one first, or give this one a store folder of its own");
}

TEST(Journal, makes_its_folder) {
  const test::TempDir folder;
  const auto deep = folder.file("var/lib/fettle");
  EXPECT_TRUE(Journal::open(deep, moment()));
  EXPECT_TRUE(fs::exists(deep + "/journal.db"));
}

TEST(Journal, says_what_to_do_when_there_can_be_no_folder) {
  const test::TempDir folder;
  folder.write("store", "a file");
  for (const auto* const path : {"store", "store/deeper"}) {
    const auto journal = Journal::open(folder.file(path), moment());
    ASSERT_FALSE(journal);
    EXPECT_THAT(journal.error().detail, HasSubstr("or name another in store.folder"));
  }
}

TEST(Journal, moves_aside_what_is_no_database) {
  const test::TempDir folder;
  folder.write("journal.db", std::string(9000, 'x'));
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 1)});
  EXPECT_EQ(test::read_text(folder.file("journal.db.damaged-20261121T091458Z")), std::string(9000, 'x'));
  EXPECT_THAT(files_in(folder), ElementsAre("journal.db", "journal.db-wal", "journal.db.damaged-20261121T091458Z"));
}

TEST(Journal, never_overwrites_an_earlier_damaged_file) {
  const test::TempDir folder;
  for (const auto* const text : {"first, which is no database", "second, which is none either"}) {
    folder.write("journal.db", text);
    opened(folder);
  }
  EXPECT_EQ(test::read_text(folder.file("journal.db.damaged-20261121T091458Z")), "first, which is no database");
  EXPECT_EQ(test::read_text(folder.file("journal.db.damaged-20261121T091458Z-2")), "second, which is none either");
}

TEST(Journal, moves_aside_what_has_lost_pages) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    record(journal, {alert("a", "A", 1)});
  }
  const auto size = fs::file_size(folder.file("journal.db"));
  damage(folder.file("journal.db"), 4096, static_cast<std::size_t>(size - 4096));
  auto journal = opened(folder);
  EXPECT_TRUE(dirty_ids(journal).empty());
  EXPECT_TRUE(fs::exists(folder.file("journal.db.damaged-20261121T091458Z")));
}

TEST(Journal, moves_aside_a_database_of_another_program) {
  const test::TempDir folder;
  execute(folder.file("journal.db"), "CREATE TABLE theirs(x); PRAGMA application_id = 7");
  auto journal = opened(folder);
  EXPECT_TRUE(fs::exists(folder.file("journal.db.damaged-20261121T091458Z")));
}

TEST(Journal, opens_what_a_newer_agent_has_added_to) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    record(journal, {alert("a", "A", 1)});
  }
  execute(folder.file("journal.db"), "ALTER TABLE alert ADD COLUMN shelved TEXT; CREATE TABLE history(x)");
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 2)});
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-2"));
}

/// Writes until no more fits, and checks what is said then.
void fill(const test::TempDir& folder) {
  auto journal = opened(folder);
  const rlimit limit{1'500'000, 1'500'000};
  if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
  for (int rev = 1; rev < 1000; ++rev) {
    const std::vector alerts{alert("a", "A", rev), alert(fmt::format("m-{}", rev), fmt::format("B{}", rev), 1)};
    const auto recorded = journal.record(alerts, [](const Alert&, std::uint64_t) { return std::string(4000, 'x'); });
    if (recorded) continue;
    const bool helpful = recorded.error().detail.find("check the disk") != std::string::npos;
    const auto kept = journal.count_dirty();
    _exit(helpful && kept && *kept == static_cast<std::size_t>(rev) && journal.sequence() ? 0 : 3);
  }
  _exit(4);
}

TEST(Journal, loses_nothing_that_it_took_when_the_disk_is_full) {
  const test::TempDir folder;
  EXPECT_EXIT(fill(folder), ::testing::ExitedWithCode(0), "");
  auto journal = opened(folder);
  const auto dirty = journal.count_dirty().value();
  EXPECT_GT(dirty, 10U);
  record(journal, {alert("a", "A", 1000)});
  EXPECT_EQ(files_in(folder).size(), 2U) << "nothing was moved aside";
}

}  // namespace
}  // namespace fettle::store
