#include "store/journal.hpp"

#include "sample_journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <chrono>
#include <stdexcept>

namespace fettle::store {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;

TEST(Journal, begins_its_counters_at_the_time) {
  const test::TempDir folder;
  auto journal = opened(folder);
  EXPECT_EQ(journal.sequence().value(), 1795252498000000U);
  EXPECT_EQ(journal.next_session().value(), 1795252499U);
  EXPECT_EQ(journal.next_session().value(), 1795252500U);
}

TEST(Journal, keeps_documents_and_counters_over_a_restart) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    record(journal, {alert("filter-clog", "A", 1), alert("belt-slip", "B", 1)});
    EXPECT_TRUE(journal.mark_sent("A", 1));
    EXPECT_TRUE(journal.next_session());
  }
  auto journal = opened(folder);
  EXPECT_EQ(journal.sequence().value(), 1795252498000002U);
  EXPECT_EQ(journal.next_session().value(), 1795252500U);
  EXPECT_THAT(dirty_ids(journal), ElementsAre("B-1"));
  const auto open = journal.open_documents().value();
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open.front().document, "AHU-07/filter-clog A 1 1795252498000001");
  EXPECT_EQ(open.front().slot, "AHU-07/filter-clog");
  EXPECT_EQ(open.front().changed_at, moment());
  EXPECT_EQ(open.front().state, AlertState::active);
}

TEST(Journal, lists_what_is_dirty_in_the_order_of_the_changes) {
  const test::TempDir folder;
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 1), alert("b", "B", 1), alert("c", "C", 1)});
  record(journal, {alert("a", "A", 2)});
  EXPECT_THAT(dirty_ids(journal), ElementsAre("B-1", "C-1", "A-2"));
  EXPECT_EQ(journal.dirty(2).value().size(), 2U);
  EXPECT_EQ(journal.count_dirty().value(), 3U);
}

TEST(Journal, stays_dirty_when_an_older_revision_is_acknowledged) {
  const test::TempDir folder;
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 1)});
  record(journal, {alert("a", "A", 2)});
  EXPECT_TRUE(journal.mark_sent("A", 1));
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-2"));
  EXPECT_TRUE(journal.mark_sent("A", 2));
  EXPECT_THAT(dirty_ids(journal), ElementsAre());
}

TEST(Journal, sends_what_is_open_again_unchanged) {
  const test::TempDir folder;
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 1), alert("b", "B", 1)});
  record(journal, {alert("b", "B", 2, AlertState::closed)});
  EXPECT_TRUE(journal.mark_sent("A", 1));
  EXPECT_TRUE(journal.mark_sent("B", 2));
  EXPECT_TRUE(journal.mark_open_dirty());
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-1"));
  EXPECT_EQ(journal.dirty(1).value().front().document, "AHU-07/a A 1 1795252498000001");
}

TEST(Journal, leaves_out_a_revision_that_does_not_rise) {
  const test::TempDir folder;
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 2)});
  const auto before = journal.dirty(1).value().front().document;
  record(journal, {alert("a", "A", 2), alert("b", "B", 1), alert("a", "A", 1)});
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-2", "B-1"));
  EXPECT_EQ(journal.dirty(1).value().front().document, before) << "an id never has other content";
  EXPECT_EQ(journal.sequence().value(), 1795252498000002U) << "no gap";
}

TEST(Journal, never_has_two_open_episodes_in_a_slot) {
  const test::TempDir folder;
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 1)});
  record(journal, {alert("a", "B", 1)});
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-1"));
  record(journal, {alert("a", "A", 2, AlertState::closed)});
  record(journal, {alert("a", "B", 1)});
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-2", "B-1"));
}

TEST(Journal, records_all_or_none) {
  const test::TempDir folder;
  auto journal = opened(folder);
  const std::vector alerts{alert("a", "A", 1), alert("b", "B", 1)};
  const auto fails = [](const Alert& each, std::uint64_t) -> std::string {
    if (each.id == "B") throw std::runtime_error{"cannot be rendered"};
    return "text";
  };
  EXPECT_THROW(static_cast<void>(journal.record(alerts, fails)), std::runtime_error);
  EXPECT_THAT(dirty_ids(journal), ElementsAre());
  record(journal, alerts);
  EXPECT_THAT(dirty_ids(journal), ElementsAre("A-1", "B-1"));
}

TEST(Journal, remembers_the_last_closed_episode_of_a_slot) {
  const test::TempDir folder;
  auto journal = opened(folder);
  auto first = alert("a", "A", 1, AlertState::closed);
  first.closed_at = moment() + hours{1};
  record(journal, {first});
  const auto closed = journal.last_closed().value();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed.front().slot, "AHU-07/a");
  EXPECT_EQ(closed.front().id, "A");
  EXPECT_EQ(closed.front().closed_at, moment() + hours{1});
  EXPECT_TRUE(journal.open_documents().value().empty());
}

TEST(Journal, forgets_closed_documents_after_30_days_but_never_unsent_ones) {
  const test::TempDir folder;
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 1, AlertState::closed), alert("b", "B", 1, AlertState::closed)});
  EXPECT_TRUE(journal.mark_sent("A", 1));
  auto later = alert("c", "C", 1, AlertState::closed);
  later.changed_at += Days{31};
  record(journal, {later});
  EXPECT_THAT(dirty_ids(journal), ElementsAre("B-1", "C-1"));
  EXPECT_TRUE(journal.to_withdraw(moment() + Days{40}).value().empty());
  EXPECT_EQ(journal.last_closed().value().size(), 3U);
}

TEST(Journal, withdraws_only_what_was_sent_and_has_no_successor) {
  const test::TempDir folder;
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 1, AlertState::closed), alert("b", "B", 1, AlertState::closed),
                   alert("c", "C", 1, AlertState::closed)});
  record(journal, {alert("b", "D", 1)});
  EXPECT_TRUE(journal.mark_sent("A", 1));
  EXPECT_TRUE(journal.mark_sent("B", 1));
  const auto old = journal.to_withdraw(moment() + hours{1}).value();
  ASSERT_EQ(old.size(), 1U);
  EXPECT_EQ(old.front().id, "A");
  EXPECT_TRUE(journal.mark_withdrawn("A"));
  EXPECT_TRUE(journal.to_withdraw(moment() + hours{1}).value().empty());
}

TEST(Journal, counts_the_changes_of_the_info_document) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    EXPECT_EQ(journal.info_rev(0xFEDCBA9876543210U).value(), 1U);
    EXPECT_EQ(journal.info_rev(0xFEDCBA9876543210U).value(), 1U);
    EXPECT_TRUE(journal.mark_info_sent(1));
  }
  auto journal = opened(folder);
  EXPECT_EQ(journal.info_acknowledged().value(), 1U);
  EXPECT_EQ(journal.info_rev(0xFEDCBA9876543210U).value(), 1U);
  EXPECT_EQ(journal.info_rev(7).value(), 2U);
}

TEST(Journal, that_is_new_waits_for_the_clock_and_then_lifts_its_counters) {
  const test::TempDir folder;
  {
    auto journal = Journal::open(folder.path().string(), Time{Duration{5000}}).value();
    EXPECT_TRUE(journal.is_awaiting_clock());
    EXPECT_EQ(journal.sequence().value(), 5000000U);
  }
  auto journal = opened(folder);
  EXPECT_TRUE(journal.is_awaiting_clock()) << "a restart does not set the clock";
  EXPECT_TRUE(journal.confirm_clock(moment()));
  EXPECT_FALSE(journal.is_awaiting_clock());
  EXPECT_EQ(journal.sequence().value(), 1795252498000000U);
  EXPECT_TRUE(journal.confirm_clock(moment() - Days{1}));
  EXPECT_EQ(journal.sequence().value(), 1795252498000000U) << "it never falls";
}

}  // namespace
}  // namespace fettle::store
