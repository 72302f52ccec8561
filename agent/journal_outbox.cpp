#include "journal_outbox.hpp"

#include "delivery/alert_document.hpp"

namespace fettle {

std::vector<delivery::QueuedAlert> JournalOutbox::changed(std::size_t at_most) {
  std::vector<delivery::QueuedAlert> alerts;
  for (auto& each : ledger_.read([&](store::Journal& journal) { return journal.dirty(at_most); })) {
    alerts.push_back(
        {std::move(each.slot), std::move(each.id), each.rev, each.state, each.changed_at, std::move(each.document)});
  }
  return alerts;
}

std::size_t JournalOutbox::count_changed() { return ledger_.read(&store::Journal::count_dirty); }

bool JournalOutbox::mark_sent(const std::string& id, int rev) {
  return ledger_.write([&](store::Journal& journal) { return journal.mark_sent(id, rev); }).has_value();
}

void JournalOutbox::mark_open_changed() { ledger_.write(&store::Journal::mark_open_dirty); }

std::vector<delivery::OpenSlot> JournalOutbox::open() {
  std::vector<delivery::OpenSlot> slots;
  for (const auto& each : ledger_.read(&store::Journal::open_slots)) {
    slots.push_back({each.slot, delivery::event_id(each.id, each.rev)});
  }
  return slots;
}

std::uint64_t JournalOutbox::sequence() { return ledger_.read(&store::Journal::sequence); }

std::uint64_t JournalOutbox::next_session() {
  const auto session = ledger_.write(&store::Journal::next_session);
  return session ? *session : 0;
}

std::uint64_t JournalOutbox::info_acknowledged() { return ledger_.read(&store::Journal::info_acknowledged); }

void JournalOutbox::mark_info_sent(std::uint64_t rev) {
  ledger_.write([&](store::Journal& journal) { return journal.mark_info_sent(rev); });
}

std::vector<delivery::Withdrawal> JournalOutbox::to_withdraw(Time closed_before) {
  std::vector<delivery::Withdrawal> withdrawals;
  for (auto& each : ledger_.read([&](store::Journal& journal) { return journal.to_withdraw(closed_before); })) {
    withdrawals.push_back({std::move(each.slot), std::move(each.id)});
  }
  return withdrawals;
}

void JournalOutbox::mark_withdrawn(const std::string& id) {
  ledger_.write([&](store::Journal& journal) { return journal.mark_withdrawn(id); });
}

void JournalOutbox::clock_is_right(Time now) {
  ledger_.write([&](store::Journal& journal) { return journal.confirm_clock(now); });
}

}  // namespace fettle
