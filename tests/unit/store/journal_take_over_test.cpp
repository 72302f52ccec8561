#include "sample_journal.hpp"
#include "store/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <chrono>

namespace fettle::store {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;

Journal in_memory(Time now = moment()) { return std::move(Journal::in_memory(now).value()); }

void take_over(Journal& journal, Journal& other) {
  const auto taken = journal.take_over(other);
  ASSERT_TRUE(taken) << taken.error().detail;
}

Alert judged(const std::string& mode, const std::string& id, int rev) {
  auto result = alert(mode, id, rev, AlertState::closed);
  result.outcome = Outcome{.verdict = Conclusion::confirmed, .by = "tech", .at = moment(), .note = {}};
  return result;
}

TEST(JournalInMemory, goes_on_where_the_disk_stopped_and_the_disk_goes_on_where_it_stops) {
  const test::TempDir folder;
  auto disk = opened(folder);
  record(disk, {alert("a", "A", 1), alert("b", "B", 1), alert("c", "C", 1)});
  EXPECT_TRUE(disk.mark_sent("A", 1));
  EXPECT_EQ(disk.next_session().value(), 1795252499U);

  auto memory = in_memory();
  take_over(memory, disk);
  EXPECT_THAT(dirty_ids(memory), ElementsAre("B-1", "C-1"));
  EXPECT_TRUE(memory.mark_sent("B", 1));
  record(memory, {alert("c", "C", 2), alert("d", "D", 1), judged("a", "A", 2)});
  EXPECT_TRUE(memory.mark_sent("D", 1));
  EXPECT_EQ(memory.next_session().value(), 1795252500U);
  const auto published = memory.dirty(10).value();

  take_over(disk, memory);
  const auto kept = disk.dirty(10).value();
  ASSERT_EQ(kept.size(), 2U);
  for (const auto place : {0U, 1U}) {
    EXPECT_EQ(kept[place].document, published[place].document);
    EXPECT_EQ(kept[place].sequence, published[place].sequence);
    EXPECT_EQ(kept[place].rev, published[place].rev);
  }
  EXPECT_THAT(dirty_ids(disk), ElementsAre("C-2", "A-2"));
  EXPECT_EQ(disk.sequence().value(), 1795252498000006U);
  EXPECT_EQ(disk.next_session().value(), 1795252501U);
  EXPECT_EQ(disk.outcomes(10).value().size(), 1U);
  EXPECT_EQ(disk.last_closed().value().size(), 1U);
  EXPECT_EQ(disk.open_slots().value().size(), 3U);
}

TEST(JournalInMemory, hands_over_what_survives_a_restart) {
  const test::TempDir folder;
  {
    auto disk = opened(folder);
    auto memory = in_memory();
    take_over(memory, disk);
    record(memory, {alert("a", "A", 1)});
    EXPECT_TRUE(memory.record({}, render, {"dispatch", "1", moment(), "yes"}));
    EXPECT_TRUE(memory.set_fact("commissioning_until", 5));
    EXPECT_EQ(memory.info_rev(77).value(), 1U);
    EXPECT_TRUE(memory.mark_info_sent(1));
    EXPECT_TRUE(memory.save_states(std::vector<LearnedState>{{"part", 1, 2, Bytes(3)}}));
    EXPECT_TRUE(memory.confirm_clock(moment()));
    take_over(disk, memory);
    EXPECT_FALSE(disk.is_awaiting_clock());
  }
  auto disk = opened(folder);
  EXPECT_THAT(dirty_ids(disk), ElementsAre("A-1"));
  EXPECT_EQ(disk.answer_to("dispatch", "1").value(), "yes");
  EXPECT_EQ(disk.fact("commissioning_until").value(), 5);
  EXPECT_EQ(disk.info_rev(77).value(), 1U);
  EXPECT_EQ(disk.info_acknowledged().value(), 1U);
  EXPECT_EQ(disk.load_state("part", 1, 2), Bytes(3));
  EXPECT_FALSE(disk.is_awaiting_clock());
}

TEST(JournalInMemory, leaves_newer_revisions_and_later_learning_alone) {
  const test::TempDir folder;
  auto disk = opened(folder);
  record(disk, {alert("a", "A", 1)});
  EXPECT_TRUE(disk.save_states(std::vector<LearnedState>{{"part", 1, 2, Bytes(3)}}));
  auto memory = in_memory();
  take_over(memory, disk);
  EXPECT_EQ(memory.load_state("part", 1, 2), std::nullopt);
  record(disk, {alert("a", "A", 2)});
  take_over(disk, memory);
  EXPECT_THAT(dirty_ids(disk), ElementsAre("A-2"));
  EXPECT_EQ(disk.load_state("part", 1, 2), Bytes(3));
}

TEST(JournalInMemory, does_it_once_more_without_effect) {
  const test::TempDir folder;
  auto disk = opened(folder);
  auto memory = in_memory();
  record(memory, {alert("a", "A", 1), judged("b", "B", 1)});
  take_over(disk, memory);
  const auto sequence = disk.sequence().value();
  EXPECT_TRUE(memory.mark_sent("A", 1));
  take_over(disk, memory);
  EXPECT_THAT(dirty_ids(disk), ElementsAre("B-1"));
  EXPECT_EQ(disk.sequence().value(), sequence);
}

TEST(JournalInMemory, that_never_saw_the_disk_still_leaves_one_open_alert_a_slot) {
  const test::TempDir folder;
  auto disk = opened(folder);
  record(disk, {alert("a", "A", 1), alert("b", "B", 1)});
  auto memory = in_memory(moment() + hours{1});
  record(memory, {alert("a", "X", 1)});
  take_over(disk, memory);
  EXPECT_THAT(dirty_ids(disk), ElementsAre("B-1", "X-1"));
  EXPECT_EQ(disk.find("A").value(), std::nullopt);
}

TEST(JournalInMemory, keeps_every_alert_when_a_clock_that_went_back_gave_a_number_twice) {
  const test::TempDir folder;
  auto disk = opened(folder);
  record(disk, {alert("a", "A", 1)});
  auto memory = in_memory();
  record(memory, {alert("b", "B", 1)});
  const auto published = memory.find("B").value()->document;
  take_over(disk, memory);
  EXPECT_THAT(dirty_ids(disk), ElementsAre("A-1", "B-1"));
  EXPECT_EQ(disk.find("B").value()->document, published);
  record(disk, {alert("c", "C", 1)});
  EXPECT_THAT(dirty_ids(disk), ElementsAre("A-1", "B-1", "C-1"));
}

TEST(Journal, goes_on_without_a_gap_after_a_clean_stop) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    record(journal, {alert("a", "A", 1)});
    EXPECT_TRUE(journal.close_cleanly(moment() + hours{1}));
  }
  auto journal = Journal::open(folder.path().string(), moment() + std::chrono::minutes{61}).value();
  EXPECT_EQ(journal.sequence().value(), 1795252498000001U);
}

TEST(Journal, lifts_its_sequence_to_the_time_after_any_other_end) {
  const test::TempDir folder;
  const auto sequence_at = [&folder](Duration later) {
    return Journal::open(folder.path().string(), moment() + later).value().sequence().value();
  };
  {
    auto journal = opened(folder);
    EXPECT_TRUE(journal.close_cleanly(moment()));
  }
  EXPECT_EQ(sequence_at(hours{1}), 1795256098000000U) << "the mark is old: another start may have failed on a bad disk";
  EXPECT_EQ(sequence_at(hours{2}), 1795259698000000U) << "the last end was none";
  EXPECT_EQ(sequence_at(hours{-2}), 1795252498000000U) << "it never falls";
  auto journal = Journal::open(folder.path().string(), moment() + hours{3}).value();
  record(journal, {alert("a", "A", 1)});
  EXPECT_EQ(journal.find("A").value()->sequence, 1795263298000001U);
  EXPECT_EQ(journal.next_session().value(), 1795263299U);
}

}  // namespace
}  // namespace fettle::store
