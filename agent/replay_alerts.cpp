#include "replay_alerts.hpp"

#include <fmt/format.h>

namespace fettle {
namespace {

/// A daily revision says that nothing has changed.
bool says_something_new(const AlertLogEntry& entry) {
  return entry.event != AlertEvent::updated || entry.why != "daily";
}

void follow(std::vector<AlertStretch>& stretches, const Alert& alert) {
  const bool is_new = stretches.empty();
  if (alert.state != AlertState::active) {
    if (!is_new && !stretches.back().to) stretches.back().to = alert.cleared_at ? alert.cleared_at : alert.closed_at;
    return;
  }
  const auto severity = alert.parent.empty() ? alert.severity : Severity::warning;
  const bool informs = severity == Severity::warning;
  if (is_new || (stretches.back().severity == Severity::warning) != informs) {
    if (!is_new && !stretches.back().to) stretches.back().to = alert.changed_at;
    stretches.push_back({is_new ? alert.raised_at : alert.changed_at, {}, alert.kind, severity, {}});
  }
  auto& present = stretches.back();
  present.to.reset();
  if (severity > present.severity) {
    present.kind = alert.kind;
    present.severity = severity;
  }
  if (!present.forecast) present.forecast = alert.prognosis;
}

std::string hours_text(const std::optional<double>& hours) { return hours ? fmt::format("{:.2f}", *hours) : ""; }

}  // namespace

std::optional<Duration> AlertStory::lead() const {
  if (!dispatched || !at_limit || *at_limit <= *dispatched) return std::nullopt;
  return *at_limit - *dispatched;
}

void AlertBook::take(const Alert& alert) {
  const auto [known, is_new] = by_id_.try_emplace(alert.id, stories_.size());
  if (is_new) stories_.push_back({alert, alert, alert, {}, {}, {}, {}, {}});
  auto& story = stories_[known->second];
  // Only at its limit a fault is of the first priority; the trend may also just have been lost.
  if (story.predicted && !story.at_limit && alert.kind == AlertKind::fault && alert.priority == 1)
    story.at_limit = alert.changed_at;
  story.predicted = story.predicted || alert.kind == AlertKind::prediction;
  if (alert.severity > story.worst.severity) story.worst = alert;
  if (!story.forecast && alert.prognosis) {
    story.forecast = alert.prognosis;
    story.forecast_at = alert.changed_at;
  }
  if (!story.dispatched && dispatch_grade(alert)) story.dispatched = alert.changed_at;
  if (!alert.log.empty() && says_something_new(alert.log.back()))
    story.steps.push_back({alert.changed_at, alert.log.back().event, alert.severity, alert.title});
  if (!alert.parent.empty()) story.explained_by = alert.parent;
  follow(story.stretches, alert);
  story.last = alert;
}

std::string alerts_csv(const std::vector<AlertStory>& stories) {
  std::string text{"asset,mode,kind,severity,raised_at,cleared_at,ttf_low_h,ttf_mid_h,ttf_high_h\n"};
  for (const auto& story : stories) {
    for (const auto& [from, to, kind, severity, forecast] : story.stretches) {
      text += fmt::format("{},{},{},{},{},{},{},{},{}\n", story.raised.asset, story.raised.mode, name_of(kind),
                          name_of(severity), to_rfc3339(from), to ? to_rfc3339(*to) : "",
                          forecast ? hours_text(forecast->low) : "", forecast ? hours_text(forecast->mid) : "",
                          forecast ? hours_text(forecast->high) : "");
    }
  }
  return text;
}

}  // namespace fettle
