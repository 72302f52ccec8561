#pragma once

#include "advisory/slot.hpp"
#include "core/state.hpp"

#include <memory>
#include <optional>

namespace fettle::advisory {

/// The life of the alerts of one slot (contract.md 6.3): raise, change, clear, return, close. At most one episode is open; each call
/// gives back the new revision if there is something to publish, and nothing otherwise. Acknowledging and shelving are apart from the
/// condition: either may happen in any state but `closed`.
class Episode {
 public:
  explicit Episode(SlotFacts facts) : facts_{std::move(facts)} {}

  const SlotFacts& facts() const { return facts_; }
  bool is_open() const { return alert_ && alert_->state != AlertState::closed; }
  bool is_active() const { return alert_ && alert_->state == AlertState::active; }
  /// The latest revision; null before the first episode.
  const Alert* alert() const { return alert_.get(); }

  /// The condition is true, and this is what it means now.
  std::optional<Alert> hold(Time now, const Verdict& verdict);
  /// The condition goes on, and nothing new can be concluded: the next revision shows the evidence as it is now.
  void refresh(Time now, Evidence evidence, const std::string& words);
  /// An active alert is heard again, whether there are news or not.
  bool is_due(Time now) const;
  /// What the condition has wasted so far; the next revision shows it, and none is made for it.
  void waste(const EnergyWaste& energy);
  /// The condition has been false for the off-delay. On the shelf it may take until the next call a day after the last revision.
  std::optional<Alert> clear(Time now);
  /// Time has passed: the latch or the time on the shelf may be over, a day may have gone by since the last revision. To be called at
  /// least hourly: the latch counts the quiet that was watched, so that a clock that jumps by a day closes nothing.
  std::optional<Alert> tick(Time now);

  /// Somebody has taken it on; once more replaces note and reference. Nothing if the episode is closed.
  std::optional<Alert> acknowledge(Acknowledgement ack);
  /// Puts it on the shelf: at most a daily revision, and no dispatch, until the time is over or it becomes critical, which takes it off
  /// the shelf. Nothing if the episode is closed, or critical already: that cannot be put aside.
  std::optional<Alert> shelve(Shelving shelving);
  std::optional<Alert> unshelve(Time now, const std::string& by);
  /// Somebody has brought it to an end. Final: the condition raises a new episode at the earliest after the hold-off.
  std::optional<Alert> close(Time now, Outcome outcome);
  /// Another alert explains this one and those to come; an empty id: none any more.
  std::optional<Alert> explain(Time now, const std::string& parent);
  /// The same for the next revision, which is made for another reason.
  void expect_parent(std::string parent) { parent_ = std::move(parent); }
  /// Commissioning begins or ends, for this one and those to come.
  std::optional<Alert> mark_test(Time now, bool test);

  /// Goes on with an episode that was open, or remembers the last closed one, after a restart.
  void restore(Alert alert);
  /// How long the quiet has been watched, which no document tells. It is the last thing in a state, which is believed as a whole or not at all.
  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  /// Time that was watched since a moment. No step of the clock adds more to it than an hour.
  struct Watch {
    Time since{};
    Duration seen{};
    std::optional<Time> last{};

    void begin(Time now) { *this = {now, Duration{0}, now}; }
    void look(Time now);
  };

  Alert raise(Time now, const Verdict& verdict);
  void put_facts(Alert& alert) const;
  void put(Time now, const Verdict& verdict);
  void bring_up_to_date(Time now);
  bool is_kept_quiet(Time now) const;
  bool may_use_note() const;
  std::string material_change(Time now, const Verdict& verdict) const;
  std::optional<Alert> close_if_quiet(Time now);
  Alert revise(Time now, AlertEvent event, std::string why, std::string by = "");

  SlotFacts facts_;
  std::string parent_;  ///< of alerts to come
  // Most slots never have one, and there are thousands.
  std::unique_ptr<Alert> alert_;
  std::unique_ptr<Verdict> latest_;  ///< what was last concluded, though perhaps not worth a revision by itself
  Time concluded_{};                 ///< when that was
  Watch quiet_;                      ///< since it was cleared
};

}  // namespace fettle::advisory
