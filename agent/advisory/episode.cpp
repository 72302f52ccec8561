#include "advisory/episode.hpp"

#include "advisory/judgement.hpp"
#include "advisory/ulid.hpp"
#include "advisory/wording.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace fettle::advisory {
namespace {

constexpr Duration latch = std::chrono::hours{24};     ///< a return within it belongs to the same episode
constexpr Duration hold_off = std::chrono::hours{24};  ///< after closing, before a new episode
constexpr Duration daily = std::chrono::hours{24};     ///< an active alert is heard at least so often
constexpr std::size_t longest_log = 16;

/// False also for a moment that lies in the future, where a clock that was set back has left it.
bool within(Time now, Time since, Duration span) { return now >= since && now - since < span; }

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
  return result;
}

}  // namespace

std::optional<Alert> Episode::hold(Time now, const Verdict& verdict) {
  if (!is_open()) {
    if (alert_ && within(now, *alert_->closed_at, hold_off)) return std::nullopt;
    return raise(now, verdict);
  }
  if (alert_->state == AlertState::cleared) {
    alert_->state = AlertState::active;
    alert_->cleared_at.reset();
    ++alert_->count;
    put(now, verdict);
    return revise(now, AlertEvent::returned, "");
  }
  auto why = material_change(now, verdict);
  if (why.empty()) return std::nullopt;
  put(now, verdict);
  return revise(now, AlertEvent::updated, std::move(why));
}

void Episode::refresh(Evidence evidence) {
  if (is_active()) alert_->evidence = std::move(evidence);
}

std::optional<Alert> Episode::clear(Time now) {
  if (!is_active()) return std::nullopt;
  alert_->state = AlertState::cleared;
  alert_->cleared_at = now;
  alert_->customer_note.clear();
  return revise(now, AlertEvent::cleared, "");
}

std::optional<Alert> Episode::tick(Time now) {
  if (!is_open()) return std::nullopt;
  if (alert_->state == AlertState::cleared) {
    if (within(now, *alert_->cleared_at, latch)) return std::nullopt;
    alert_->state = AlertState::closed;
    alert_->closed_at = now;
    alert_->outcome = Outcome{Conclusion::self_cleared, facts_.identity, now, ""};
    return revise(now, AlertEvent::closed, "quiet for 24 hours");
  }
  if (within(now, alert_->changed_at, daily)) return std::nullopt;
  // Nothing new is known (the machine may stand still): the forecast moves with the time.
  if (alert_->prognosis) {
    const double passed = std::max(0.0, to_hours(now - alert_->changed_at));
    auto& ttf = *alert_->prognosis;
    ttf.low = std::max(0.0, ttf.low - passed);
    ttf.mid = std::max(0.0, ttf.mid - passed);
    if (ttf.high) ttf.high = std::max(0.0, *ttf.high - passed);
    alert_->dispatch_by = std::max(now, alert_->dispatch_by.value_or(now));
    if (alert_->kind == AlertKind::prediction) {
      alert_->priority = std::min(alert_->priority, priority_of(now, *alert_->dispatch_by));
      alert_->title = predicted_title(facts_, hours_as_duration(ttf.mid));
    }
  }
  return revise(now, AlertEvent::updated, "daily");
}

Alert Episode::raise(Time now, const Verdict& verdict) {
  Alert alert;
  alert.asset = facts_.asset;
  alert.mode = facts_.mode;
  alert.id = make_ulid(now, facts_.identity + "/" + facts_.asset + "/" + facts_.mode);
  alert.test = facts_.test;
  alert.raised_at = now;
  put_facts(alert);
  if (alert_) alert.previous = alert_->id;
  alert_ = std::move(alert);
  put(now, verdict);
  return revise(now, AlertEvent::raised, "");
}

void Episode::restore(Alert alert) {
  if (alert.state != AlertState::closed) put_facts(alert);
  alert_ = std::move(alert);
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
  alert_->test = facts_.test;
  alert_->kind = verdict.kind;
  alert_->severity = verdict.severity;
  alert_->priority = verdict.priority;
  alert_->title = verdict.title;
  alert_->text = verdict.text;
  alert_->evidence = verdict.evidence;
  alert_->customer_note = verdict.kind == AlertKind::system || verdict.priority == 4 ? "" : facts_.customer_note;
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
  if (verdict.prognosis && alert_->prognosis) {
    const double before = alert_->prognosis->mid;
    const Time expected = alert_->changed_at + hours_as_duration(before);
    const double moved = std::abs(to_hours(verdict.prognosis->mid - expected));
    const double after = std::max(0.0, to_hours(verdict.prognosis->mid - now));
    if (before >= 1 && moved > 0.25 * before) return fmt::format("ttf {:.0f}h to {:.0f}h", before, after);
  }
  if (!within(now, alert_->changed_at, daily)) return "daily";
  return {};
}

Alert Episode::revise(Time now, AlertEvent event, std::string why) {
  ++alert_->rev;
  alert_->changed_at = now;
  alert_->log.push_back({alert_->rev, now, event, "", std::move(why)});
  if (alert_->log.size() > longest_log) alert_->log.erase(alert_->log.begin());
  return *alert_;
}

}  // namespace fettle::advisory
