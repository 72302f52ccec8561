#include "journal_outbox.hpp"

#include "delivery/alert_document.hpp"

#include <spdlog/spdlog.h>

namespace fettle {

std::vector<delivery::QueuedAlert> JournalOutbox::changed(std::size_t at_most) {
  std::vector<delivery::QueuedAlert> alerts;
  for (auto& each : value_or_default(journal_.dirty(at_most))) {
    alerts.push_back(
        {std::move(each.slot), std::move(each.id), each.rev, each.state, each.changed_at, std::move(each.document)});
  }
  return alerts;
}

std::size_t JournalOutbox::count_changed() { return value_or_default(journal_.count_dirty()); }

bool JournalOutbox::mark_sent(const std::string& id, int rev) { return worked(journal_.mark_sent(id, rev)); }

void JournalOutbox::mark_open_changed() { worked(journal_.mark_open_dirty()); }

std::vector<delivery::OpenSlot> JournalOutbox::open() {
  std::vector<delivery::OpenSlot> slots;
  for (const auto& each : value_or_default(journal_.open_slots())) {
    slots.push_back({each.slot, delivery::event_id(each.id, each.rev)});
  }
  return slots;
}

std::uint64_t JournalOutbox::sequence() { return value_or_default(journal_.sequence()); }

std::uint64_t JournalOutbox::next_session() { return value_or_default(journal_.next_session()); }

std::uint64_t JournalOutbox::info_acknowledged() { return value_or_default(journal_.info_acknowledged()); }

void JournalOutbox::mark_info_sent(std::uint64_t rev) { worked(journal_.mark_info_sent(rev)); }

std::vector<delivery::Withdrawal> JournalOutbox::to_withdraw(Time closed_before) {
  std::vector<delivery::Withdrawal> withdrawals;
  for (auto& each : value_or_default(journal_.to_withdraw(closed_before))) {
    withdrawals.push_back({std::move(each.slot), std::move(each.id)});
  }
  return withdrawals;
}

void JournalOutbox::mark_withdrawn(const std::string& id) { worked(journal_.mark_withdrawn(id)); }

void JournalOutbox::clock_is_right(Time now) { worked(journal_.confirm_clock(now)); }

void JournalOutbox::note(const std::string& trouble) {
  if (!trouble.empty() && !failing_) spdlog::error("{}", trouble);
  if (trouble.empty() && failing_) spdlog::info("the journal works again");
  failing_ = !trouble.empty();
}

}  // namespace fettle
