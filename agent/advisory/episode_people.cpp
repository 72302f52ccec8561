// What people and other alerts do to an episode, whatever its condition does meanwhile.
#include "advisory/episode.hpp"

#include <fmt/format.h>

namespace fettle::advisory {

std::optional<Alert> Episode::acknowledge(Acknowledgement ack) {
  if (!is_open()) return std::nullopt;
  const auto at = ack.at;
  auto by = ack.by;
  auto why = ack.reference ? fmt::format("{} {}", ack.reference->type, ack.reference->id) : std::string{};
  alert_->ack = std::move(ack);
  return revise(at, AlertEvent::acked, std::move(why), std::move(by));
}

std::optional<Alert> Episode::shelve(Shelving shelving) {
  if (!is_open() || alert_->severity == Severity::critical) return std::nullopt;
  const auto at = shelving.at;
  auto by = shelving.by;
  auto why = fmt::format("until {}", to_rfc3339(shelving.until));
  alert_->shelved = std::move(shelving);
  return revise(at, AlertEvent::shelved, std::move(why), std::move(by));
}

std::optional<Alert> Episode::unshelve(Time now, const std::string& by) {
  if (!is_open() || !alert_->shelved) return std::nullopt;
  const bool by_itself = by == facts_.identity;
  alert_->shelved.reset();
  return revise(now, AlertEvent::unshelved, by_itself ? "its time is over" : "", by);
}

std::optional<Alert> Episode::close(Time now, Outcome outcome) {
  if (!is_open()) return std::nullopt;
  auto by = outcome.by;
  std::string why{name_of(outcome.verdict)};
  alert_->state = AlertState::closed;
  alert_->closed_at = now;
  alert_->outcome = std::move(outcome);
  alert_->shelved.reset();
  latest_.reset();
  // The waste is over or written off: what it would cost from here on is no statement any more.
  if (alert_->energy) {
    alert_->energy->cost_per_day.reset();
    alert_->energy->currency.clear();
  }
  return revise(now, AlertEvent::closed, std::move(why), std::move(by));
}

std::optional<Alert> Episode::explain(Time now, const std::string& parent) {
  parent_ = alert_ && alert_->id == parent ? "" : parent;
  if (!is_open() || alert_->parent == parent_ || is_kept_quiet(now)) return std::nullopt;
  return revise(now, AlertEvent::updated, parent_.empty() ? "no longer explained" : "explained by another alert");
}

std::optional<Alert> Episode::mark_test(Time now, bool test) {
  facts_.test = test;
  if (!is_open() || alert_->test == test) return std::nullopt;
  return revise(now, AlertEvent::updated, test ? "commissioning" : "operational");
}

}  // namespace fettle::advisory
