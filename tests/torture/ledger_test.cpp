#include "torture/ledger.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace fettle::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

struct Sample {
  std::string id = "A";
  int rev = 1, sequence = 1;
  std::string state = "active", previous = "", title = "";
};

Received document(const Sample& sample) {
  return {"fettle/v1/gw/alert/PUMP-1/heat",
          fmt::format(R"({{"id":"{0}-{1}","subject":"PUMP-1/heat","sequence":"{2:016}","data":{{"id":"{0}","rev":{1},)"
                      R"("state":"{3}","kind":"fault","previous":"{4}","title":"{5}","priority":1,"count":1,)"
                      R"("changedAt":"2026-06-01T00:00:00Z"}}}})",
                      sample.id, sample.rev, sample.sequence, sample.state, sample.previous, sample.title),
          false};
}

Received status(int session, int sequence, const std::string& open) {
  return {"fettle/v1/gw/status",
          fmt::format(R"({{"state":"online","session":{},"sequence":"{:016}","queued":0,"open":{{{}}}}})", session,
                      sequence, open),
          false};
}

class BelievesNothing : public testing::Test {
 protected:
  void take(const Sample& sample) { ledger.take(document(sample)); }

  Ledger ledger;
};

TEST_F(BelievesNothing, but_has_nothing_against_two_episodes_in_good_order) {
  take({"A", 1, 1});
  take({"A", 2, 2, "cleared"});
  take({"A", 2, 2, "cleared"});
  take({"A", 3, 3, "closed"});
  take({"B", 1, 4, "active", "A"});
  ledger.take(status(1, 4, R"("PUMP-1/heat":"B-1")"));
  EXPECT_THAT(ledger.breaches(), IsEmpty());
  EXPECT_EQ(ledger.episodes("PUMP-1/heat"), 2U);
  EXPECT_EQ(ledger.repeats(), 1U);
  EXPECT_THAT(ledger.open(), ElementsAre(Pair("PUMP-1/heat", "B-1")));
  EXPECT_EQ(ledger.digest(), ledger.open());
}

TEST_F(BelievesNothing, rule_4_sees_a_revision_with_other_content) {
  take({"A", 1, 1, "active", "", "so"});
  take({"A", 1, 1, "active", "", "or so"});
  EXPECT_THAT(ledger.breaches(), ElementsAre(HasSubstr("rule 4: A-1")));
}

TEST_F(BelievesNothing, sees_two_open_episodes_on_a_slot) {
  take({"A", 1, 1});
  take({"B", 1, 2});
  EXPECT_THAT(ledger.breaches(), ElementsAre(HasSubstr("names"), HasSubstr("rule 3")));
  EXPECT_EQ(ledger.doubled(), 1U);
}

TEST_F(BelievesNothing, knows_that_an_ending_was_lost_when_the_next_episode_names_it) {
  take({"A", 1, 1});
  take({"B", 1, 3, "active", "A"});
  EXPECT_THAT(ledger.breaches(), IsEmpty());
  EXPECT_EQ(ledger.unseen_endings(), 1U);
}

TEST_F(BelievesNothing, sees_a_revision_that_falls) {
  take({"A", 2, 1});
  take({"A", 1, 2});
  EXPECT_THAT(ledger.breaches(), ElementsAre(HasSubstr("A-1 came after A-2")));
}

TEST_F(BelievesNothing, sees_a_sequence_that_falls_or_is_used_twice) {
  take({"A", 1, 5});
  take({"A", 2, 4});
  take({"A", 3, 5});
  EXPECT_THAT(ledger.breaches(), ElementsAre(HasSubstr("sequence falls"), HasSubstr("is that of A-1 and of A-3")));
}

TEST_F(BelievesNothing, sees_an_episode_that_comes_back_from_the_dead) {
  take({"A", 1, 1, "closed"});
  take({"A", 2, 2});
  take({"B", 1, 3, "closed", "A"});
  take({"A", 3, 4, "active", "B"});
  EXPECT_THAT(ledger.breaches(),
              ElementsAre(HasSubstr("after the episode was closed"), HasSubstr("belongs to an episode that was over")));
}

TEST_F(BelievesNothing, sees_a_session_or_a_sequence_of_a_status_that_falls) {
  ledger.take(status(7, 9, ""));
  ledger.take(status(6, 8, ""));
  EXPECT_THAT(ledger.breaches(), ElementsAre("session falls from 7 to 6", HasSubstr("sequence falls")));
}

}  // namespace
}  // namespace fettle::test
