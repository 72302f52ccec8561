#pragma once

#include "delivery/outbox.hpp"
#include "ledger.hpp"

namespace fettle {

/// The journal as the delivery's outbox.
class JournalOutbox final : public delivery::Outbox {
 public:
  /// `ledger` outlives it.
  explicit JournalOutbox(Ledger& ledger) : ledger_{ledger} {}

  std::vector<delivery::QueuedAlert> changed(std::size_t at_most) override;
  std::size_t count_changed() override;
  bool mark_sent(const std::string& id, int rev) override;
  void mark_open_changed() override;
  std::vector<delivery::OpenSlot> open() override;
  std::uint64_t sequence() override;
  std::uint64_t next_session() override;
  std::uint64_t info_acknowledged() override;
  void mark_info_sent(std::uint64_t rev) override;
  std::vector<delivery::Withdrawal> to_withdraw(Time closed_before) override;
  void mark_withdrawn(const std::string& id) override;
  bool is_awaiting_clock() override { return ledger_.journal().is_awaiting_clock(); }
  void clock_is_right(Time now) override;

 private:
  Ledger& ledger_;
};

}  // namespace fettle
