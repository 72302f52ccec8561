#include "replay_alerts.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <numeric>
#include <tuple>

namespace fettle {
namespace {

/// A daily revision says that nothing has changed, and what is over may be rewritten without another word.
bool says_something_new(const Alert& alert, const std::vector<AlertStep>& steps) {
  if (alert.log.empty()) return false;
  const auto& entry = alert.log.back();
  if (entry.event != AlertEvent::updated) return true;
  const bool same = !steps.empty() && steps.back().title == alert.title && steps.back().severity == alert.severity;
  return entry.why != "daily" && (alert.state == AlertState::active || !same);
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
    stretches.push_back({is_new ? alert.raised_at : alert.changed_at, {}, alert.kind, severity, {}, false});
  }
  auto& present = stretches.back();
  present.to.reset();
  if (severity > present.severity) {
    present.kind = alert.kind;
    present.severity = severity;
  }
  if (!present.forecast) present.forecast = alert.prognosis;
  present.visit = present.visit || dispatch_grade(alert);
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
  if (says_something_new(alert, story.steps))
    story.steps.push_back({alert.changed_at, alert.log.back().event, alert.severity, alert.title});
  if (!alert.parent.empty()) story.explained_by = alert.parent;
  follow(story.stretches, alert);
  story.last = alert;
}

std::set<std::size_t> worth_telling(const std::vector<AlertStory>& stories, std::size_t most) {
  std::vector<std::size_t> places(stories.size());
  std::iota(places.begin(), places.end(), 0U);
  const auto rank = [&stories](std::size_t place) {
    const auto& story = stories[place];
    return std::tuple{story.is_dispatch(), story.severity(), story.raised.raised_at, place};
  };
  std::sort(places.begin(), places.end(),
            [&rank](std::size_t one, std::size_t other) { return rank(one) > rank(other); });
  places.resize(std::min(places.size(), most));
  return {places.begin(), places.end()};
}

std::string alerts_csv(const std::vector<AlertStory>& stories) {
  std::string text{"asset,mode,kind,severity,raised_at,cleared_at,ttf_low_h,ttf_mid_h,ttf_high_h,alert,visit\n"};
  for (const auto& story : stories) {
    for (const auto& [from, to, kind, severity, forecast, visit] : story.stretches) {
      text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", story.raised.asset, story.raised.mode, name_of(kind),
                          name_of(severity), to_rfc3339(from), to ? to_rfc3339(*to) : "",
                          forecast ? hours_text(forecast->low) : "", forecast ? hours_text(forecast->mid) : "",
                          forecast ? hours_text(forecast->high) : "", story.raised.id, visit);
    }
  }
  return text;
}

}  // namespace fettle
