#pragma once

#include "core/result.hpp"
#include "core/state.hpp"
#include "core/time.hpp"
#include "core/verdicts.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle::store {

/// The latest document of one alert episode.
struct StoredAlert {
  std::string slot;  ///< "AHU-07/filter-clog"
  std::string id;    ///< the episode's ULID
  int rev = 0;
  std::uint64_t sequence = 0;
  AlertState state = AlertState::active;
  Time changed_at{};
  std::string document;
};

/// A slot whose latest episode is not closed.
struct OpenEpisode {
  std::string slot, id;
  int rev = 0;
};

/// The last episode of a slot that was closed.
struct ClosedEpisode {
  std::string slot, id;
  Time closed_at{};
};

/// What a part has learned.
struct LearnedState {
  std::string part;  ///< Stateful::state_id
  std::uint32_t version = 0;
  std::uint64_t settings_hash = 0;
  Bytes bytes;
};

/// A command that was carried out: asked again, the answer is the same and nothing happens.
struct AnsweredCommand {
  std::string requester, jti;
  Time expires{};  ///< after that it is refused for its age, and need not be remembered
  std::string answer;
};

/// What became of an episode; kept for years, because trust is made of it.
struct RecordedOutcome {
  std::string slot, id;
  Time closed_at{};
  std::string document;  ///< the last one; its `outcome` says how it ended
};

/// The agent's memory on disk: one SQLite file with the alert documents, the counters of the contract, and what the parts have learned.
/// Everything that returned without an Error survives a power cut. One agent at a time.
class Journal {
 public:
  /// Renders the document of an alert that will carry this sequence number.
  using Render = std::function<std::string(const Alert&, std::uint64_t sequence)>;

  /// Opens or begins `folder`/journal.db. A damaged file is moved aside with a log line. In a new journal the counters begin at `now`,
  /// so that they rise over those of a journal that was lost. If it was not closed cleanly just now, something may have been published
  /// from memory that it knows nothing of, so the sequence goes on at `now` as well: a gap, which says honestly that a revision may be
  /// missing. A full or read-only disk is no obstacle to opening a file that has all its tables; recording fails then.
  static Result<Journal> open(const std::string& folder, Time now);
  /// A journal that lives in memory, for as long as the disk refuses. Its counters begin at `now`; the disk's journal is taken over
  /// next, if only for its counters.
  static Result<Journal> in_memory(Time now);
  /// The last word before a clean stop: all that was published is in this journal, so the sequence may go on without a gap.
  Result<void> close_cleanly(Time now);

  /// Writes new revisions in one transaction, all or none, each with the next sequence number; afterwards they are dirty: not yet
  /// acknowledged by the broker. One that is not newer than what is recorded, or that would be the second open episode of its slot, is
  /// left out with a log line, so that calling again after a failure is safe.
  Result<void> record(std::span<const Alert> alerts, const Render& render);
  /// The same, together with the answer to the command that caused it: both or neither. `alerts` may be empty.
  Result<void> record(std::span<const Alert> alerts, const Render& render, const AnsweredCommand& answered);
  /// The stored answer; nothing if this command was never carried out. Answers are kept until they have expired for certain, at most
  /// 10,000 of them and 4 MB; beyond that those go first that expire first.
  Result<std::optional<std::string>> answer_to(const std::string& requester, const std::string& jti);

  /// Takes over everything that `other` has and this one has not, in one transaction: newer revisions with their documents, sequence
  /// numbers and marks unchanged, answers, facts, counters that are higher. What both have gets the marks of `other`, which is the later
  /// one. Learned states go from memory to disk only. Should `other` be unreadable, its last known counters are taken over all the same.
  Result<void> take_over(Journal& other);

  /// The latest document of a slot becomes dirty again, unchanged, open or closed; how many there are: 0 or 1.
  Result<std::size_t> mark_slot_dirty(const std::string& slot);
  /// The latest revision of an episode, open or closed, as long as its document is kept.
  Result<std::optional<StoredAlert>> find(const std::string& id);
  /// Closed episodes that ended with an outcome, the latest first. All of the last 30 days; older ones as long as they are among the
  /// latest 1,000 that a person has judged, or the latest 250 that ended by themselves.
  Result<std::vector<RecordedOutcome>> outcomes(std::size_t at_most);

  /// Small facts that outlive a restart ("commissioning_until"); 0 if never set.
  Result<std::int64_t> fact(std::string_view name);
  Result<void> set_fact(std::string_view name, std::int64_t value);

  /// Dirty documents by rising sequence.
  Result<std::vector<StoredAlert>> dirty(std::size_t at_most);
  Result<std::size_t> count_dirty();
  /// The broker has this revision. Without effect if there is a newer one by now.
  Result<void> mark_sent(const std::string& id, int rev);
  /// All that is not closed becomes dirty again, unchanged: the broker may have forgotten it.
  Result<void> mark_open_dirty();

  /// Everything that is not closed, by rising sequence.
  Result<std::vector<StoredAlert>> open_documents();
  /// The same without the documents.
  Result<std::vector<OpenEpisode>> open_slots();
  Result<std::vector<ClosedEpisode>> last_closed();

  /// Slots whose latest episode was closed before `before`, is known to the broker and was not withdrawn from it yet.
  Result<std::vector<ClosedEpisode>> to_withdraw(Time before);
  Result<void> mark_withdrawn(const std::string& id);

  /// Of the latest document.
  Result<std::uint64_t> sequence();
  Result<std::uint64_t> next_session();
  /// The revision of the info document: one more whenever its content is another.
  Result<std::uint64_t> info_rev(std::uint64_t content_hash);
  Result<std::uint64_t> info_acknowledged();
  Result<void> mark_info_sent(std::uint64_t rev);

  /// True until the clock has once been right: the counters of a new journal may stand on a wrong time.
  bool is_awaiting_clock() const { return awaiting_clock_; }
  /// The clock is right: lifts the counters to it if they are below.
  Result<void> confirm_clock(Time now);

  /// All in one transaction.
  Result<void> save_states(std::span<const LearnedState> states);
  /// Nothing if there is none, or if it is damaged or was learned by another version or with other settings, which is logged.
  std::optional<Bytes> load_state(const std::string& part, std::uint32_t version, std::uint64_t settings_hash);

 private:
  explicit Journal(Database database) : database_{std::move(database)} {}
  Result<void> begin(Time now);
  Result<void> record(std::span<const Alert> alerts, const Render& render, const AnsweredCommand* answered);
  /// Its sequence number, or `last` if it was left out.
  Result<std::uint64_t> record_one(const Alert& alert, const Render& render, std::uint64_t last);
  Result<void> note_closed(const Alert& alert);
  Result<void> forget_closed(Time before);
  Result<void> note_answer(const AnsweredCommand& answered);
  Result<std::vector<StoredAlert>> stored(std::string_view sql, std::int64_t at_most);
  Result<std::uint64_t> counter(std::string_view name);
  Result<void> set_counter(std::string_view name, std::uint64_t value);
  Result<void> copy_alerts(Journal& other);
  Result<void> copy_alert(Journal& other, const std::string& id);
  Result<void> copy_closed(Journal& other);
  Result<void> copy_answers(Journal& other);
  Result<void> copy_counters(Journal& other);
  Result<void> copy_learned(Journal& other);

  Database database_;
  bool awaiting_clock_ = false;
  bool in_memory_ = false;
  std::uint64_t sequence_ = 0;  ///< the last one given out; after an unclean end above what is written
  std::uint64_t session_ = 0;   ///< the same
};

}  // namespace fettle::store
