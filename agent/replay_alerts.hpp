#pragma once

#include "core/verdicts.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fettle {

/// A revision that said something new.
struct AlertStep {
  Time at{};
  AlertEvent event = AlertEvent::raised;
  Severity severity = Severity::warning;
  std::string title;
};

/// A time over which an alert was for a visit, or for information.
struct AlertStretch {
  Time from{};
  std::optional<Time> to;  ///< still so at the end
  AlertKind kind = AlertKind::fault;
  Severity severity = Severity::warning;  ///< the worst, and the kind that it had then
  std::optional<TimeToFailure> forecast;  ///< the first
  bool visit = false;                     ///< somebody would have been sent
};

/// One alert from its first revision to its last.
struct AlertStory {
  Alert raised;
  Alert worst;  ///< the first revision that was as severe as it ever became
  Alert last;
  std::optional<TimeToFailure> forecast;  ///< of the first revision that had one
  Time forecast_at{};
  std::optional<Time> dispatched;  ///< when somebody would have been sent
  std::optional<Time> at_limit;    ///< when what was predicted had come
  std::vector<AlertStep> steps;
  std::string explained_by = {};             ///< id of the alert that explained it last; empty: none ever did
  std::vector<AlertStretch> stretches = {};  ///< in the order of time; never empty
  bool predicted = false;                    ///< by any revision so far

  Severity severity() const { return worst.severity; }
  bool is_dispatch() const { return dispatched.has_value(); }
  /// How long before its limit somebody would have been sent.
  std::optional<Duration> lead() const;
};

/// The places of those to tell in full where there are more: for a visit before for information, the more severe, the newer.
std::set<std::size_t> worth_telling(const std::vector<AlertStory>& stories, std::size_t most);

/// Makes stories of the revisions that a pipeline gives.
class AlertBook {
 public:
  void take(const Alert& alert);
  /// In the order in which they were raised.
  const std::vector<AlertStory>& stories() const { return stories_; }

 private:
  std::vector<AlertStory> stories_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
};

/// One row for each time that an alert was a warning, or was more. The header is
/// `asset,mode,kind,severity,raised_at,cleared_at,ttf_low_h,ttf_mid_h,ttf_high_h,alert,visit`: kind and severity as of its worst revision then
/// (warning also where another alert explains it), times in UTC, hours to failure as of the first revision that had a forecast; empty where
/// unknown. `alert` is its id, `visit` true if somebody would have been sent in that time.
std::string alerts_csv(const std::vector<AlertStory>& stories);

}  // namespace fettle
