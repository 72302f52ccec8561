#include "sample_journal.hpp"
#include "store/journal.hpp"
#include "support/faulty_vfs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <chrono>
#include <filesystem>
#include <functional>

namespace fettle::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string large(const Alert&, std::uint64_t sequence) {
  return std::string(static_cast<std::size_t>(3000 + sequence % 10), 'x');
}

Result<void> record_large(Journal& journal, int number) {
  const std::vector alerts{alert(fmt::format("m-{}", number), fmt::format("A{}", number), 1)};
  return journal.record(alerts, large);
}

/// How the disk fails, and how it comes right again.
struct Trouble {
  const char* name;
  std::function<void(test::FaultyVfs&)> begin, end;
};

void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }

class JournalTrouble : public ::testing::TestWithParam<Trouble> {};

TEST_P(JournalTrouble, fails_whole_calls_and_goes_on_when_the_disk_does) {
  test::FaultyVfs disk;
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    ASSERT_TRUE(record_large(journal, 0));
    GetParam().begin(disk);
    int number = 1;
    while (number < 2000 && record_large(journal, number)) ++number;
    ASSERT_LT(number, 2000) << "nothing failed";
    const auto kept = journal.count_dirty().value();
    EXPECT_EQ(kept, static_cast<std::size_t>(number)) << "what was refused is not there in part";
    EXPECT_EQ(journal.sequence().value(), 1795252498000000U + kept);
    EXPECT_EQ(record_large(journal, number).error().fault, Fault::offline);
    EXPECT_FALSE(journal.save_states(std::vector<LearnedState>{{"part", 1, 2, Bytes(1'000'000)}}));
    EXPECT_FALSE(journal.record({}, render, {"dispatch", "1", moment(), std::string(1'000'000, 'x')}));
    GetParam().end(disk);
    EXPECT_TRUE(record_large(journal, number)) << "the same call, on the same connection";
    EXPECT_EQ(journal.count_dirty().value(), kept + 1);
    EXPECT_EQ(journal.sequence().value(), 1795252498000001U + kept);
    EXPECT_EQ(journal.answer_to("dispatch", "1").value(), std::nullopt);
  }
  auto journal = opened(folder);
  EXPECT_TRUE(journal.record({}, render, {"dispatch", "1", moment(), "yes"}));
  EXPECT_TRUE(journal.find("A0").value());
}

TEST_P(JournalTrouble, is_bridged_by_a_journal_in_memory) {
  test::FaultyVfs disk;
  const test::TempDir folder;
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 1)});
  GetParam().begin(disk);
  int number = 0;
  while (number < 2000 && record_large(journal, number)) ++number;
  auto memory = std::move(Journal::in_memory(moment()).value());
  ASSERT_TRUE(memory.take_over(journal)) << "what was written can still be read";
  EXPECT_TRUE(record_large(memory, number));
  record(memory, {alert("a", "A", 2)});
  EXPECT_TRUE(memory.mark_sent("A", 2));
  EXPECT_FALSE(journal.take_over(memory));
  EXPECT_EQ(journal.find("A").value()->rev, 1);
  GetParam().end(disk);
  ASSERT_TRUE(journal.take_over(memory));
  EXPECT_EQ(journal.find("A").value()->document, memory.find("A").value()->document);
  EXPECT_EQ(journal.count_dirty().value(), static_cast<std::size_t>(number) + 1);
  EXPECT_EQ(journal.sequence().value(), memory.sequence().value());
}

INSTANTIATE_TEST_SUITE_P(Disk, JournalTrouble,
                         ::testing::Values(Trouble{"is_full", [](auto& disk) { disk.leave_room(0); },
                                                   [](auto& disk) { disk.leave_room({}); }},
                                           Trouble{"is_nearly_full", [](auto& disk) { disk.leave_room(300'000); },
                                                   [](auto& disk) { disk.leave_room({}); }},
                                           Trouble{"fails_writes", [](auto& disk) { disk.fail_writes(true); },
                                                   [](auto& disk) { disk.fail_writes(false); }},
                                           Trouble{"fails_syncs", [](auto& disk) { disk.fail_syncs(true); },
                                                   [](auto& disk) { disk.fail_syncs(false); }},
                                           Trouble{"is_read_only", [](auto& disk) { disk.make_read_only(true); },
                                                   [](auto& disk) { disk.make_read_only(false); }}),
                         [](const auto& trouble) { return std::string{trouble.param.name}; });

TEST(JournalTroubleAtStart, a_full_disk_can_be_opened_and_read) {
  test::FaultyVfs disk;
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    record(journal, {alert("a", "A", 1)});
    EXPECT_TRUE(journal.close_cleanly(moment()));
  }
  disk.leave_room(0);
  auto journal = Journal::open(folder.path().string(), moment());
  ASSERT_TRUE(journal) << journal.error().detail;
  EXPECT_THAT(dirty_ids(*journal), ElementsAre("A-1"));
  EXPECT_THAT(record_large(*journal, 1).error().detail, HasSubstr("the disk is full; free some space on it"));
}

void expect_readable(const test::TempDir& folder) {
  auto journal = Journal::open(folder.path().string(), moment());
  ASSERT_TRUE(journal) << journal.error().detail;
  EXPECT_THAT(dirty_ids(*journal), ElementsAre("A-1"));
  EXPECT_EQ(journal->load_state("part", 1, 2), Bytes(3));
  EXPECT_THAT(record_large(*journal, 1).error().detail, HasSubstr("cannot be written"));
  auto memory = std::move(Journal::in_memory(moment()).value());
  EXPECT_TRUE(memory.take_over(*journal));
  EXPECT_THAT(dirty_ids(memory), ElementsAre("A-1"));
}

void write_something(Journal journal) {
  record(journal, {alert("a", "A", 1)});
  ASSERT_TRUE(journal.save_states(std::vector<LearnedState>{{"part", 1, 2, Bytes(3)}}));
}

TEST(JournalTroubleAtStart, a_read_only_disk_can_be_opened_and_read) {
  test::FaultyVfs disk;
  const test::TempDir folder;
  write_something(opened(folder));
  disk.make_read_only(true);
  expect_readable(folder);
}

TEST(JournalTroubleAtStart, a_read_only_disk_after_a_crash_can_be_opened_and_read) {
  test::FaultyVfs disk;
  const test::TempDir folder;
  std::mt19937_64 random{1};
  {
    auto journal = opened(folder);
    record(journal, {alert("a", "A", 1)});
    ASSERT_TRUE(journal.save_states(std::vector<LearnedState>{{"part", 1, 2, Bytes(3)}}));
    disk.cut_power_at(1);
  }
  disk.restore_power(random);
  disk.make_read_only(true);
  expect_readable(folder);
}

TEST(JournalTroubleAtStart, a_full_disk_after_a_crash_can_be_opened_and_read) {
  test::FaultyVfs disk;
  const test::TempDir folder;
  std::mt19937_64 random{1};
  {
    auto journal = opened(folder);
    record(journal, {alert("a", "A", 1)});
    disk.cut_power_at(1);
  }
  disk.restore_power(random);
  disk.leave_room(0);
  auto journal = Journal::open(folder.path().string(), moment());
  ASSERT_TRUE(journal) << journal.error().detail;
  EXPECT_THAT(dirty_ids(*journal), ElementsAre("A-1"));
}

TEST(JournalTroubleAtStart, a_disk_where_nothing_can_be_begun_is_an_error_that_says_so) {
  test::FaultyVfs disk;
  const test::TempDir folder;
  disk.leave_room(0);
  EXPECT_THAT(Journal::open(folder.path().string(), moment()).error().detail, HasSubstr("the disk is full"));
  disk.make_read_only(true);
  EXPECT_THAT(Journal::open(folder.path().string(), moment()).error().detail, HasSubstr("cannot be written"));
}

TEST(JournalInMemory, has_higher_numbers_even_if_the_disk_can_no_longer_be_read) {
  test::FaultyVfs disk;
  const test::TempDir folder;
  auto journal = opened(folder);
  for (int number = 0; number < 400; ++number) ASSERT_TRUE(record_large(journal, number));
  EXPECT_TRUE(journal.next_session());
  disk.fail_reads(true);
  auto memory = std::move(Journal::in_memory(moment() - Days{1}).value());
  EXPECT_FALSE(memory.take_over(journal));
  EXPECT_EQ(memory.sequence().value(), 1795252498000400U);
  EXPECT_EQ(memory.next_session().value(), 1795252500U);
  EXPECT_TRUE(dirty_ids(memory).empty());
}

/// As when root has tried the agent by hand, and then the service starts.
TEST(JournalOfAnother, is_named_with_its_owner_and_what_to_do) {
  const test::TempDir folder;
  opened(folder);
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0777});
  std::filesystem::permissions(folder.path() / "journal.db", std::filesystem::perms{0444});
  const auto us = geteuid();
  constexpr uid_t nobody = 65534;
  if (us == 0) {
    ASSERT_EQ(seteuid(nobody), 0);
  }
  const auto journal = Journal::open(folder.path().string(), moment());
  if (us == 0) {
    ASSERT_EQ(seteuid(us), 0);
  }
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().fault, Fault::offline);
  EXPECT_THAT(journal.error().detail, HasSubstr("journal.db: belongs to "));
  EXPECT_THAT(journal.error().detail, HasSubstr("chown -R "));
}

}  // namespace
}  // namespace fettle::store
