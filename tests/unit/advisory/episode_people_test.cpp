#include "advisory/episode.hpp"

#include "sample_episodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::advisory {
namespace {

using namespace std::chrono_literals;
using test::filter;
using test::outcome;
using test::prediction;
using test::restarted;
using test::shelved;
using test::start;
using test::taken_on;
using test::tick_hourly;

Verdict critical(Time now) {
  auto verdict = prediction(now, 20h, 1);
  verdict.severity = Severity::critical;
  return verdict;
}

/// Raised at `start`.
Episode raised() {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 2000h));
  return episode;
}

TEST(Acknowledging, is_a_revision_and_leaves_the_condition_alone) {
  auto episode = raised();
  const auto alert = episode.acknowledge(taken_on(start + 1h));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->rev, 2);
  EXPECT_EQ(alert->state, AlertState::active);
  EXPECT_EQ(alert->changed_at, start + 1h);
  EXPECT_EQ(alert->ack->reference->id, "WO-1");
  EXPECT_EQ(alert->log.back().event, AlertEvent::acked);
  EXPECT_EQ(alert->log.back().by, "dispatch/m.lee");
}

TEST(Acknowledging, once_more_replaces_the_reference) {
  auto episode = raised();
  episode.acknowledge(taken_on(start + 1h));
  EXPECT_EQ(episode.acknowledge(taken_on(start + 2h, "WO-2"))->ack->reference->id, "WO-2");
}

TEST(Acknowledging, outlives_clearing_and_return_but_not_the_episode) {
  auto episode = raised();
  episode.acknowledge(taken_on(start + 1h));
  EXPECT_TRUE(episode.clear(start + 2h)->ack);
  EXPECT_TRUE(episode.hold(start + 3h, prediction(start + 3h, 100h))->ack);
  episode.close(start + 4h, outcome(start + 4h, Conclusion::confirmed, true));
  EXPECT_FALSE(episode.acknowledge(taken_on(start + 5h)));
  EXPECT_FALSE(episode.hold(start + 40h, prediction(start + 40h, 100h))->ack);
}

TEST(Acknowledging, keeps_a_cleared_alert_open_until_somebody_closes_it_or_30_days_have_passed) {
  auto episode = raised();
  episode.acknowledge(taken_on(start + 1h));
  episode.clear(start + 2h);
  EXPECT_FALSE(tick_hourly(episode, start + 3h, start + 2h + 24h * 30 - 1h));
  const auto alert = episode.tick(start + 2h + 24h * 30);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->state, AlertState::closed);
  EXPECT_EQ(alert->outcome->verdict, Conclusion::expired);
  EXPECT_EQ(alert->log.back().by, "gw-0042");
}

TEST(Shelving, lets_one_revision_a_day_through) {
  auto episode = raised();
  const auto alert = episode.shelve(shelved(start + 1h, start + 24h * 30));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->log.back().event, AlertEvent::shelved);
  EXPECT_FALSE(dispatch_grade(*alert));
  int revisions = 0;
  for (auto now = start + 2h; now < start + 1h + 24h * 10; now += 1h) {
    const auto swinging = prediction(now, now.time_since_epoch() / 1h % 2 == 0 ? 100h : 900h, 2);
    revisions += episode.hold(now, swinging) ? 1 : 0;
    revisions += episode.tick(now) ? 1 : 0;
  }
  EXPECT_EQ(revisions, 9);
}

TEST(Shelving, holds_back_clearing_and_return_within_the_day_as_well) {
  auto episode = raised();
  episode.shelve(shelved(start + 1h, start + 24h * 30));
  EXPECT_FALSE(episode.clear(start + 24h));
  EXPECT_TRUE(episode.is_active());
  EXPECT_EQ(episode.clear(start + 25h)->state, AlertState::cleared);
  EXPECT_FALSE(episode.hold(start + 26h, prediction(start + 26h, 100h)));
  EXPECT_EQ(episode.hold(start + 49h, prediction(start + 49h, 100h))->log.back().event, AlertEvent::returned);
}

TEST(Shelving, does_not_take_a_return_that_has_to_wait_for_quiet) {
  auto episode = raised();
  episode.clear(start + 1h);
  episode.shelve(shelved(start + 2h, start + 24h * 30));
  for (auto now = start + 3h; now < start + 72h; now += 1h) {
    episode.tick(now);
    episode.hold(now, prediction(now, 100h));
    EXPECT_TRUE(episode.is_open()) << to_rfc3339(now);
  }
  EXPECT_TRUE(episode.is_active());
}

TEST(Shelving, is_broken_through_by_what_becomes_critical_and_ends_with_it) {
  auto episode = raised();
  episode.shelve(shelved(start + 1h, start + 24h * 30));
  const auto alert = episode.hold(start + 2h, critical(start + 2h));
  ASSERT_TRUE(alert);
  EXPECT_FALSE(alert->shelved);
  EXPECT_TRUE(dispatch_grade(*alert));
  EXPECT_EQ(alert->severity, Severity::critical);
  EXPECT_EQ(alert->log.back().event, AlertEvent::unshelved);
  EXPECT_EQ(alert->log.back().why, "critical");
}

TEST(Shelving, is_broken_through_by_a_critical_return_too) {
  auto episode = raised();
  episode.clear(start + 1h);
  episode.shelve(shelved(start + 2h, start + 24h * 30));
  const auto alert = episode.hold(start + 3h, critical(start + 3h));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->state, AlertState::active);
  EXPECT_EQ(alert->count, 2);
  EXPECT_FALSE(alert->shelved);
}

TEST(Shelving, cannot_put_aside_what_is_critical_already) {
  Episode episode{filter()};
  episode.hold(start, critical(start));
  EXPECT_FALSE(episode.shelve(shelved(start + 1h, start + 24h)));
}

TEST(Shelving, is_taken_back_by_whoever_wants_and_only_once) {
  auto episode = raised();
  EXPECT_FALSE(episode.unshelve(start + 1h, "dispatch/m.lee"));
  episode.shelve(shelved(start + 1h, start + 24h * 30));
  const auto alert = episode.unshelve(start + 2h, "dispatch/m.lee");
  ASSERT_TRUE(alert);
  EXPECT_FALSE(alert->shelved);
  EXPECT_EQ(alert->log.back().event, AlertEvent::unshelved);
  EXPECT_EQ(alert->log.back().by, "dispatch/m.lee");
  EXPECT_FALSE(episode.unshelve(start + 3h, "dispatch/m.lee"));
}

TEST(ContractRules, rule_12_shelving_ends_by_itself) {
  auto episode = raised();
  episode.shelve(shelved(start + 1h, start + 20h));
  EXPECT_FALSE(tick_hourly(episode, start + 2h, start + 19h));
  const auto alert = episode.tick(start + 20h);
  ASSERT_TRUE(alert);
  EXPECT_FALSE(alert->shelved);
  EXPECT_TRUE(dispatch_grade(*alert));
  EXPECT_EQ(alert->log.back().event, AlertEvent::unshelved);
  EXPECT_EQ(alert->log.back().by, "gw-0042");
}

TEST(ContractRules, rule_12_shelving_ends_by_itself_after_a_restart_and_while_cleared) {
  auto before = raised();
  before.shelve(shelved(start + 1h, start + 40h));
  before.clear(start + 25h);
  auto episode = restarted(before, filter());
  const auto alert = tick_hourly(episode, start + 30h, start + 41h);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->changed_at, start + 40h);
  EXPECT_EQ(alert->state, AlertState::cleared);
  EXPECT_FALSE(alert->shelved);
}

TEST(Closing, is_final_and_a_new_episode_waits_for_the_hold_off) {
  auto episode = raised();
  const auto id = episode.alert()->id;
  const auto alert = episode.close(start + 1h, outcome(start + 30min, Conclusion::no_fault_found));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->state, AlertState::closed);
  EXPECT_EQ(alert->closed_at, start + 1h);
  EXPECT_EQ(alert->outcome->verdict, Conclusion::no_fault_found);
  EXPECT_EQ(alert->log.back().by, "tech/a.kaya");
  EXPECT_EQ(alert->log.back().why, "no-fault-found");
  EXPECT_FALSE(episode.close(start + 2h, outcome(start + 2h, Conclusion::confirmed)));
  EXPECT_FALSE(episode.hold(start + 24h, prediction(start + 24h, 100h)));
  const auto next = episode.hold(start + 25h, prediction(start + 25h, 100h));
  ASSERT_TRUE(next);
  EXPECT_NE(next->id, id);
  EXPECT_EQ(next->previous, id);
}

TEST(Closing, takes_it_off_the_shelf_and_tells_no_more_what_it_costs) {
  auto episode = raised();
  episode.waste({12.5, start - 24h, 1.2, "EUR"});
  episode.shelve(shelved(start + 1h, start + 24h * 30));
  const auto alert = episode.close(start + 2h, outcome(start + 2h, Conclusion::confirmed, true));
  ASSERT_TRUE(alert && alert->energy);
  EXPECT_FALSE(alert->shelved);
  EXPECT_EQ(alert->energy->kwh, 12.5);
  EXPECT_FALSE(alert->energy->cost_per_day);
}

TEST(CustomerNote, is_in_closed_only_as_a_closing_sentence_for_what_was_fixed) {
  const auto note_after = [](Conclusion verdict, std::optional<bool> fixed, const char* closing_note) {
    auto facts = filter();
    facts.closing_note = closing_note;
    Episode episode{facts};
    episode.hold(start, prediction(start, 100h));
    return episode.close(start + 1h, outcome(start + 1h, verdict, fixed))->customer_note;
  };
  EXPECT_EQ(note_after(Conclusion::confirmed, true, "It has been replaced."), "It has been replaced.");
  EXPECT_EQ(note_after(Conclusion::confirmed, true, ""), "");
  EXPECT_EQ(note_after(Conclusion::confirmed, false, "It has been replaced."), "");
  EXPECT_EQ(note_after(Conclusion::confirmed, std::nullopt, "It has been replaced."), "");
}

TEST(CustomerNote, comes_back_with_the_condition) {
  auto episode = raised();
  EXPECT_EQ(episode.clear(start + 1h)->customer_note, "");
  EXPECT_EQ(episode.hold(start + 2h, prediction(start + 2h, 100h))->customer_note, "We will replace a filter.");
}

TEST(Explaining, marks_the_alert_and_those_to_come) {
  constexpr auto bus = "01JD8Q4Z7T3V9XK2M5N6P8R0SB";
  auto episode = raised();
  const auto alert = episode.explain(start + 1h, bus);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->parent, bus);
  EXPECT_FALSE(dispatch_grade(*alert));
  EXPECT_FALSE(episode.explain(start + 2h, bus));
  episode.close(start + 3h, outcome(start + 3h, Conclusion::duplicate));
  EXPECT_EQ(episode.hold(start + 48h, prediction(start + 48h, 100h))->parent, bus);
  EXPECT_EQ(episode.explain(start + 49h, "")->parent, "");
}

TEST(Explaining, is_never_done_by_the_alert_itself) {
  auto episode = raised();
  EXPECT_FALSE(episode.explain(start + 1h, episode.alert()->id));
  EXPECT_EQ(episode.acknowledge(taken_on(start + 2h))->parent, "");
}

TEST(Revisions, say_what_is_known_at_their_moment_whatever_they_are_made_for) {
  Episode episode{filter()};
  episode.hold(start, prediction(start, 800h));
  EXPECT_DOUBLE_EQ(episode.acknowledge(taken_on(start + 10h))->prognosis->mid, 790);
  EXPECT_FALSE(episode.hold(start + 12h, prediction(start + 12h, 780h)));
  EXPECT_DOUBLE_EQ(episode.explain(start + 20h, "01JD8Q4Z7T3V9XK2M5N6P8R0SB")->prognosis->mid, 772);
  EXPECT_FALSE(episode.hold(start + 43h, prediction(start + 43h, 740h)));
  EXPECT_DOUBLE_EQ(episode.tick(start + 44h)->prognosis->mid, 739);
  EXPECT_DOUBLE_EQ(episode.clear(start + 54h)->prognosis->mid, 729);
}

TEST(MarkingATest, changes_the_open_alert_and_those_to_come) {
  auto episode = raised();
  EXPECT_TRUE(episode.mark_test(start + 1h, true)->test);
  EXPECT_FALSE(episode.mark_test(start + 2h, true));
  EXPECT_FALSE(episode.mark_test(start + 3h, false)->test);
  Episode later{filter()};
  EXPECT_FALSE(later.mark_test(start, true));
  EXPECT_TRUE(later.hold(start + 1h, prediction(start + 1h, 100h))->test);
}

TEST(Energy, alone_makes_no_revision_and_comes_with_the_next_one) {
  auto episode = raised();
  episode.waste({12.5, start - 24h, std::nullopt, ""});
  EXPECT_FALSE(episode.tick(start + 1h));
  EXPECT_FALSE(episode.hold(start + 1h, prediction(start + 1h, 1999h)));
  EXPECT_EQ(episode.acknowledge(taken_on(start + 2h))->energy->kwh, 12.5);
}

}  // namespace
}  // namespace fettle::advisory
