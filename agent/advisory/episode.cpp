#include "advisory/episode.hpp"

#include "advisory/failure_odds.hpp"
#include "advisory/judgement.hpp"
#include "advisory/ulid.hpp"
#include "advisory/wording.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace fettle::advisory {
namespace {

constexpr Duration latch = std::chrono::hours{24};        ///< a return within it belongs to the same episode
constexpr Duration hold_off = std::chrono::hours{24};     ///< after closing, before a new episode
constexpr Duration daily = std::chrono::hours{24};        ///< an active alert is heard at least so often
constexpr Duration patience = std::chrono::hours{720};    ///< that whoever acknowledged has to close it
constexpr Duration longest_look = std::chrono::hours{1};  ///< what one step of the clock can add to watched time
constexpr std::size_t longest_log = 16;

/// A moment may lie a little in the future: periods that ended just before are judged after a tick. One that lies further away was left
/// there by a clock that was set back.
bool within(Time now, Time since, Duration span) { return std::chrono::abs(now - since) < span; }

Duration hours_as_duration(double hours) { return Duration{std::llround(hours * 3'600'000)}; }

TimeToFailure from_now(Time now, const Prognosis& prognosis, double health) {
  const auto hours = [now](Time at) { return std::max(0.0, to_hours(at - now)); };
  TimeToFailure result;
  result.low = hours(prognosis.low);
  result.mid = hours(prognosis.mid);
  if (prognosis.high) result.high = hours(*prognosis.high);
  result.level = prognosis.level;
  result.confidence = prognosis.confidence;
  result.health = health;
  add_odds(result);
  return result;
}

}  // namespace

void Episode::Watch::look(Time now) {
  if (last) seen += std::clamp(now - *last, Duration{0}, longest_look);
  last = now;
}

std::optional<Alert> Episode::hold(Time now, const Verdict& verdict) {
  if (!is_open()) {
    if (alert_ && within(now, *alert_->closed_at, hold_off)) return std::nullopt;
    return raise(now, verdict);
  }
  const bool breaks_through = alert_->shelved && verdict.severity == Severity::critical;
  if (is_active() || breaks_through || !is_kept_quiet(now)) {
    latest_ = std::make_unique<Verdict>(verdict);
    concluded_ = now;
  } else {
    quiet_.seen = Duration{0};  // it is not quiet any more, though its return must wait
  }
  if (!breaks_through && is_kept_quiet(now)) return std::nullopt;
  const bool returns = alert_->state == AlertState::cleared;
  auto why = returns ? std::string{} : material_change(now, verdict);
  if (!returns && !breaks_through && why.empty()) return std::nullopt;
  if (returns) {
    alert_->state = AlertState::active;
    alert_->cleared_at.reset();
    ++alert_->count;
  }
  if (breaks_through) {
    alert_->shelved.reset();
    return revise(now, AlertEvent::unshelved, "critical", facts_.identity);
  }
  return revise(now, returns ? AlertEvent::returned : AlertEvent::updated, std::move(why));
}

void Episode::refresh(Time now, Evidence evidence, const std::string& words) {
  if (!is_active()) return;
  Verdict stands;
  stands.kind = alert_->kind;
  stands.priority = alert_->priority;
  if (stands.kind == AlertKind::service) stands.energy = alert_->energy;
  stands.evidence = std::move(evidence);
  alert_->text = text_of(stands, facts_, words, now);
  alert_->evidence = std::move(stands.evidence);
  if (!latest_) return;
  latest_->text = alert_->text;
  latest_->evidence = alert_->evidence;
}

void Episode::waste(const EnergyWaste& energy) {
  if (is_open()) alert_->energy = energy;
}

std::optional<Alert> Episode::clear(Time now) {
  if (!is_active() || is_kept_quiet(now)) return std::nullopt;
  alert_->state = AlertState::cleared;
  alert_->cleared_at = now;
  latest_.reset();
  quiet_.begin(now);
  return revise(now, AlertEvent::cleared, "");
}

std::optional<Alert> Episode::tick(Time now) {
  if (!is_open()) return std::nullopt;
  if (alert_->state == AlertState::cleared) {
    if (auto closed = close_if_quiet(now)) return closed;
  }
  if (alert_->shelved && now >= alert_->shelved->until) return unshelve(now, facts_.identity);
  if (!is_due(now)) return std::nullopt;
  return revise(now, AlertEvent::updated, "daily");
}

bool Episode::is_due(Time now) const { return is_active() && !within(now, alert_->changed_at, daily); }

/// Nobody waits for what nobody has acknowledged; whoever has, may still want to tell how it ended.
std::optional<Alert> Episode::close_if_quiet(Time now) {
  // What was kept from before a restart may be about an earlier quiet.
  if (quiet_.since != *alert_->cleared_at) quiet_ = {*alert_->cleared_at, Duration{0}, std::nullopt};
  quiet_.look(now);
  if (quiet_.seen < latch) return std::nullopt;
  if (!alert_->ack) return close(now, {Conclusion::self_cleared, facts_.identity, now, "quiet for 24 hours"});
  if (now - *alert_->cleared_at < patience) return std::nullopt;
  return close(now, {Conclusion::expired, facts_.identity, now, "quiet for 30 days, and nobody has closed it"});
}

/// Whatever a revision is made for, it says what is known at its moment. Where nothing new is known (the machine may stand still, the
/// agent has just been restarted), the forecast moves with the time.
void Episode::bring_up_to_date(Time now) {
  if (latest_) {
    put(now, *latest_);
    if (concluded_ == now) return;
  } else if (alert_->prognosis) {
    const double passed = std::max(0.0, to_hours(now - alert_->changed_at));
    auto& ttf = *alert_->prognosis;
    ttf.low = std::max(0.0, ttf.low - passed);
    ttf.mid = std::max(0.0, ttf.mid - passed);
    if (ttf.high) ttf.high = std::max(0.0, *ttf.high - passed);
    add_odds(ttf);
  }
  if (!is_active() || alert_->kind != AlertKind::prediction || !alert_->prognosis) return;
  alert_->dispatch_by = std::max(now, alert_->dispatch_by.value_or(now));
  // One for information stays so: it is not trusted enough for a visit.
  if (alert_->priority < 4) alert_->priority = std::min(alert_->priority, priority_of(now, *alert_->dispatch_by));
  alert_->title = predicted_title(facts_, hours_as_duration(alert_->prognosis->mid));
}

Alert Episode::raise(Time now, const Verdict& verdict) {
  Alert alert;
  alert.asset = facts_.asset;
  alert.mode = facts_.mode;
  if (alert_) alert.previous = alert_->id;
  // With the last one's id in it, so that a clock that was set back does not make the same one again.
  alert.id = make_ulid(now, facts_.identity + "/" + facts_.asset + "/" + facts_.mode + "/" + alert.previous);
  alert.raised_at = now;
  put_facts(alert);
  alert_ = std::make_unique<Alert>(std::move(alert));
  latest_ = std::make_unique<Verdict>(verdict);
  concluded_ = now;
  return revise(now, AlertEvent::raised, "");
}

void Episode::restore(Alert alert) {
  if (alert.state != AlertState::closed) {
    put_facts(alert);
    parent_ = alert.parent;
  }
  alert_ = std::make_unique<Alert>(std::move(alert));
  latest_.reset();
}

void Episode::save(StateWriter& writer) const {
  writer.put(quiet_.since);
  writer.put(quiet_.seen);
}

void Episode::restore(StateReader& reader) {
  Watch watched;
  reader.get(watched.since);
  reader.get(watched.seen);
  if (reader.complete()) quiet_ = watched;
}

/// What the equipment model says; a document does not carry all of it.
void Episode::put_facts(Alert& alert) const {
  alert.part = facts_.part;
  alert.iso14224 = facts_.iso14224;
  alert.cause = facts_.cause;
  alert.effect = facts_.effect;
  if (!facts_.detector.id.empty()) alert.detector = facts_.detector;
  if (!facts_.advice.code.empty()) alert.advice = facts_.advice;
}

void Episode::put(Time now, const Verdict& verdict) {
  alert_->kind = verdict.kind;
  alert_->severity = verdict.severity;
  alert_->priority = verdict.priority;
  alert_->title = verdict.title;
  alert_->text = verdict.text;
  alert_->evidence = verdict.evidence;
  if (verdict.energy) alert_->energy = verdict.energy;
  alert_->prognosis.reset();
  alert_->dispatch_by.reset();
  if (verdict.prognosis) {
    alert_->prognosis = from_now(now, *verdict.prognosis, verdict.health);
    alert_->dispatch_by = dispatch_by(now, *verdict.prognosis, facts_.advice);
  }
}

std::string Episode::material_change(Time now, const Verdict& verdict) const {
  if (alert_->test != facts_.test) return facts_.test ? "commissioning" : "operational";
  if (verdict.kind != alert_->kind) return fmt::format("{} to {}", name_of(alert_->kind), name_of(verdict.kind));
  if (verdict.severity != alert_->severity) {
    return fmt::format("severity {} to {}", name_of(alert_->severity), name_of(verdict.severity));
  }
  if (verdict.priority != alert_->priority) return fmt::format("priority {} to {}", alert_->priority, verdict.priority);
  // What Fettle says of itself has its subject in the title: the devices that are lost, the date of a certificate.
  if (verdict.kind == AlertKind::system && verdict.title != alert_->title) return "title changed";
  // At its limit it fails any hour, and every hour says so anew.
  if (verdict.kind == AlertKind::prediction && verdict.prognosis && alert_->prognosis) {
    const double before = alert_->prognosis->mid;
    const Time expected = alert_->changed_at + hours_as_duration(before);
    const double moved = std::abs(to_hours(verdict.prognosis->mid - expected));
    const double after = std::max(0.0, to_hours(verdict.prognosis->mid - now));
    if (before >= 1 && moved > 0.25 * before) return fmt::format("ttf {:.0f}h to {:.0f}h", before, after);
  }
  if (!within(now, alert_->changed_at, daily)) return "daily";
  return {};
}

/// On the shelf there is at most a daily revision, whatever the condition does.
bool Episode::is_kept_quiet(Time now) const { return alert_->shelved && within(now, alert_->changed_at, daily); }

/// contract.md 6.2.1
bool Episode::may_use_note() const {
  if (alert_->kind == AlertKind::system) return false;
  switch (alert_->state) {
    case AlertState::active: return alert_->priority < 4;
    case AlertState::cleared: return false;
    case AlertState::closed: return alert_->outcome && alert_->outcome->fixed.value_or(false);
  }
  return false;
}

Alert Episode::revise(Time now, AlertEvent event, std::string why, std::string by) {
  bring_up_to_date(now);
  ++alert_->rev;
  alert_->changed_at = now;
  const bool closed = alert_->state == AlertState::closed;
  if (!closed) {
    alert_->test = facts_.test;
    alert_->parent = parent_;
  }
  alert_->customer_note = may_use_note() ? (closed ? facts_.closing_note : facts_.customer_note) : "";
  if (alert_->energy) alert_->energy->since = std::min(alert_->energy->since, now);
  alert_->log.push_back({alert_->rev, now, event, std::move(by), std::move(why)});
  if (alert_->log.size() > longest_log) alert_->log.erase(alert_->log.begin());
  return *alert_;
}

}  // namespace fettle::advisory
