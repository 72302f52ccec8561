#include "sample_journal.hpp"
#include "store/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <chrono>

namespace fettle::store {
namespace {

using ::testing::ElementsAre;

Alert closed(const std::string& id, Conclusion verdict, Time at) {
  auto result = alert("mode-" + id, id, 1, AlertState::closed);
  result.changed_at = at;
  result.closed_at = at;
  result.outcome = Outcome{.verdict = verdict, .by = "tech/a.kaya", .at = at, .note = {}};
  return result;
}

std::vector<std::string> outcome_ids(Journal& journal, std::size_t at_most = 5000) {
  std::vector<std::string> result;
  for (const auto& each : journal.outcomes(at_most).value()) result.push_back(each.id);
  return result;
}

void record_sent(Journal& journal, const Alert& alert) {
  record(journal, {alert});
  ASSERT_TRUE(journal.mark_sent(alert.id, alert.rev));
}

TEST(Outcomes, are_listed_the_latest_first_with_their_documents) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    record(journal, {closed("A", Conclusion::confirmed, moment()), alert("open", "O", 1),
                     alert("none", "N", 1, AlertState::closed)});
    record(journal, {closed("B", Conclusion::self_cleared, moment() + std::chrono::hours{1})});
  }
  auto journal = opened(folder);
  EXPECT_THAT(outcome_ids(journal), ElementsAre("B", "A"));
  EXPECT_THAT(outcome_ids(journal, 1), ElementsAre("B"));
  const auto last = journal.outcomes(1).value().front();
  EXPECT_EQ(last.slot, "AHU-07/mode-B");
  EXPECT_EQ(last.closed_at, moment() + std::chrono::hours{1});
  EXPECT_EQ(last.document, "AHU-07/mode-B B 1 1795252498000004");
}

TEST(Outcomes, outlive_the_month_of_other_closed_documents) {
  const test::TempDir folder;
  auto journal = opened(folder);
  record_sent(journal, closed("A", Conclusion::false_alarm, moment()));
  record_sent(journal, alert("none", "N", 1, AlertState::closed));
  record(journal, {closed("B", Conclusion::confirmed, moment() + Days{700})});
  EXPECT_THAT(outcome_ids(journal), ElementsAre("B", "A"));
  EXPECT_EQ(journal.find("A").value()->document, "AHU-07/mode-A A 1 1795252498000001");
  EXPECT_EQ(journal.find("N").value(), std::nullopt);
}

TEST(Outcomes, are_bounded_and_what_ended_by_itself_never_displaces_a_judgement) {
  const test::TempDir folder;
  opened(folder);
  execute(folder.file("journal.db"),
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1400) INSERT INTO alert SELECT "
          "'id' || i, 'slot' || i, 1, i, 'closed', i, 'document', 0, 0 FROM n");
  execute(folder.file("journal.db"), "INSERT INTO outcome SELECT id, changed_at, sequence <= 1100 FROM alert");
  auto journal = opened(folder);
  record(journal, {closed("A", Conclusion::confirmed, moment())});
  const auto ids = outcome_ids(journal);
  EXPECT_EQ(ids.size(), 1250U) << "1,000 judged, 250 others";
  EXPECT_EQ(journal.find("id101").value(), std::nullopt);
  EXPECT_NE(journal.find("id102").value(), std::nullopt);
  EXPECT_EQ(journal.find("id1150").value(), std::nullopt);
  EXPECT_NE(journal.find("id1151").value(), std::nullopt);
}

TEST(Journal, finds_the_latest_revision_of_an_episode) {
  const test::TempDir folder;
  auto journal = opened(folder);
  record(journal, {alert("a", "A", 1)});
  record(journal, {alert("a", "A", 2, AlertState::cleared)});
  const auto found = journal.find("A").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rev, 2);
  EXPECT_EQ(found->state, AlertState::cleared);
  EXPECT_EQ(found->document, "AHU-07/a A 2 1795252498000002");
  EXPECT_EQ(journal.find("B").value(), std::nullopt);
}

TEST(Journal, keeps_facts_over_a_restart) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    EXPECT_EQ(journal.fact("commissioning_until").value(), 0);
    EXPECT_TRUE(journal.set_fact("commissioning_until", 1795252498000));
    EXPECT_TRUE(journal.set_fact("commissioning_until", -5));
  }
  auto journal = opened(folder);
  EXPECT_EQ(journal.fact("commissioning_until").value(), -5);
}

}  // namespace
}  // namespace fettle::store
