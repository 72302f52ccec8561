#pragma once

#include "advisory/slot.hpp"

#include <optional>

namespace fettle::advisory {

/// The life of the alerts of one slot (contract.md 6.3): raise, change, clear, return, close. At most one episode is open; each call
/// gives back the new revision if there is something to publish, and nothing otherwise.
class Episode {
 public:
  explicit Episode(SlotFacts facts) : facts_{std::move(facts)} {}

  const SlotFacts& facts() const { return facts_; }
  bool is_open() const { return alert_ && alert_->state != AlertState::closed; }
  bool is_active() const { return alert_ && alert_->state == AlertState::active; }
  /// The latest revision; null before the first episode.
  const Alert* alert() const { return alert_ ? &*alert_ : nullptr; }

  /// The condition is true, and this is what it means now.
  std::optional<Alert> hold(Time now, const Verdict& verdict);
  /// The condition goes on, and nothing new can be concluded: the next revision shows the evidence as it is now.
  void refresh(Evidence evidence);
  /// The condition has been false for the off-delay.
  std::optional<Alert> clear(Time now);
  /// Time has passed: the latch may be over, a day may have gone by since the last revision.
  std::optional<Alert> tick(Time now);
  /// Somebody has taken it on; once more replaces note and reference. Nothing if the episode is closed.
  std::optional<Alert> acknowledge(Acknowledgement ack);
  /// Puts it on the shelf: at most a daily revision, and no dispatch, until the time is over or it becomes critical.
  std::optional<Alert> shelve(Shelving shelving);
  std::optional<Alert> unshelve(Time now, const std::string& by);
  /// Somebody has brought it to an end. Final: the condition raises a new episode at the earliest after the hold-off.
  std::optional<Alert> close(Time now, Outcome outcome);
  /// Another alert explains this one; an empty id: none any more.
  std::optional<Alert> explain(Time now, const std::string& parent);
  /// Commissioning begins or ends.
  std::optional<Alert> mark_test(Time now, bool test);
  /// Goes on with an episode that was open, or remembers the last closed one, after a restart.
  void restore(Alert alert);

 private:
  void put_facts(Alert& alert) const;
  Alert revise(Time now, AlertEvent event, std::string why);
  void put(Time now, const Verdict& verdict);
  std::string material_change(Time now, const Verdict& verdict) const;
  Alert raise(Time now, const Verdict& verdict);

  SlotFacts facts_;
  std::optional<Alert> alert_;
};

}  // namespace fettle::advisory
