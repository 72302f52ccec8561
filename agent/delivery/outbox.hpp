#pragma once

#include "core/time.hpp"
#include "core/verdicts.hpp"
#include "delivery/documents.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fettle::delivery {

/// A document that the broker has not acknowledged.
struct QueuedAlert {
  std::string slot, id;
  int rev = 0;
  AlertState state = AlertState::active;
  Time changed_at{};
  std::string document;
};

/// A closed episode whose document has lain at the broker for long enough.
struct Withdrawal {
  std::string slot, id;
};

/// What is to be delivered, kept where a power cut does not reach it. Nothing here fails: what cannot be read is absent, and what
/// cannot be written is reported by the one who keeps it.
class Outbox {
 public:
  Outbox() = default;
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  virtual ~Outbox() = default;

  /// Changed documents by rising sequence. The queue is this set, not a log: one document for each episode.
  virtual std::vector<QueuedAlert> changed(std::size_t at_most) = 0;
  virtual std::size_t count_changed() = 0;
  /// The broker has this revision. False if that could not be noted.
  virtual bool mark_sent(const std::string& id, int rev) = 0;
  /// The broker may have forgotten everything: all that is open is to be sent again.
  virtual void mark_open_changed() = 0;

  virtual std::vector<OpenSlot> open() = 0;
  virtual std::uint64_t sequence() = 0;
  virtual std::uint64_t next_session() = 0;

  virtual std::uint64_t info_acknowledged() = 0;
  virtual void mark_info_sent(std::uint64_t rev) = 0;

  virtual std::vector<Withdrawal> to_withdraw(Time closed_before) = 0;
  virtual void mark_withdrawn(const std::string& id) = 0;

  /// True while nothing may be published because the clock was never right since the journal was begun.
  virtual bool is_awaiting_clock() = 0;
  virtual void clock_is_right(Time now) = 0;
};

}  // namespace fettle::delivery
