#include "torture/round.hpp"

#include <fmt/format.h>
#include <array>

namespace fettle::test {
namespace {

using enum Deed;
using enum Sight;

/// A return within this long belongs to the same episode (contract 6.3).
constexpr Duration latch = std::chrono::hours{24};
/// A command may be lost with its connection, so it is given again.
constexpr std::chrono::seconds asking_again{2};

constexpr std::array plain{Step{heat, raised}, Step{cool, cleared}, Step{cool, closed}};
constexpr std::array growing{Step{warm, raised}, Step{heat, urgent}, Step{cool, cleared}, Step{cool, closed}};
constexpr std::array returning{Step{heat, raised}, Step{cool, cleared}, Step{heat, raised_again}, Step{cool, cleared},
                               Step{cool, closed}};
constexpr std::array booked{Step{heat, raised}, Step{acknowledge, acknowledged}, Step{cool, cleared},
                            Step{close, closed}};
constexpr std::array repaired{Step{heat, raised}, Step{close, closed}};

constexpr std::array<std::span<const Step>, 5> plans{plain, growing, returning, booked, repaired};
constexpr std::size_t without_commands = 3;

std::string_view name_of(Sight sight) {
  constexpr std::array<std::string_view, 6> names{"a new episode",      "priority 1",         "state cleared",
                                                  "the alert's return", "an acknowledgement", "state closed"};
  return names.at(static_cast<std::size_t>(sight));
}

}  // namespace

void Rounds::look(const Ledger& ledger, Clock::time_point now) {
  const auto* row = ledger.row(slot_);
  if (waiting_ != nullptr) {
    const bool command = waiting_->deed == acknowledge || waiting_->deed == close;
    if (row == nullptr || !sees(*row)) {
      if (command && now - asked_ >= asking_again) {
        asked_ = now;
        hands_(waiting_->deed, row);
      }
      return;
    }
    waiting_ = nullptr;
    last_id_ = row->id;
  }
  if (!winding_down_ && now >= since_) take_step(ledger, now);
}

void Rounds::take_step(const Ledger& ledger, Clock::time_point now) {
  if (next_ == plan_.size()) {
    const auto last = commanding_ ? plans.size() : without_commands;
    plan_ = plans.at(std::uniform_int_distribution<std::size_t>{0, last - 1}(random_));
    next_ = 0;
    ++expected_;
  }
  const auto* row = ledger.row(slot_);
  before_ = row == nullptr ? LedgerRow{} : *row;
  waiting_ = &plan_[next_++];
  since_ = asked_ = now;
  hands_(waiting_->deed, row);
}

bool Rounds::sees(const LedgerRow& row) {
  const bool same = row.id == last_id_;
  switch (waiting_->sight) {
    case raised: return !same && row.state == "active";
    case urgent: return same && row.state == "active" && row.priority == 1;
    case cleared: return same && row.state != "active";
    case raised_again: return sees_again(row);
    case acknowledged: return same && row.acknowledged;
    case closed: return same && row.state == "closed";
  }
  return false;
}

/// The machine fell ill again. Whether that belongs to the same episode depends on when the gateway saw it: the kills, the cuts and the
/// outages between take longer than the latch now and then.
bool Rounds::sees_again(const LedgerRow& row) {
  if (row.state != "active" || row.event == before_.event) return false;
  if (row.id == last_id_) {
    if (row.count <= before_.count) return false;
    ++returns_;
    return true;
  }
  if (row.changed - before_.cleared.value_or(before_.changed) >= latch) ++expected_;
  return true;
}

std::string Rounds::waits_for() const {
  return waiting_ == nullptr ? std::string{"nothing"} : std::string{name_of(waiting_->sight)};
}

}  // namespace fettle::test
