#include "core/level.hpp"
#include "delivery/alert_document.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

namespace fettle::delivery {
namespace {

/// Something that must hold, and what is wrong where it does not.
struct Rule {
  bool holds;
  std::string_view otherwise;
};

std::optional<std::string_view> broken(std::initializer_list<Rule> rules) {
  const auto* const rule = std::find_if(rules.begin(), rules.end(), [](const Rule& each) { return !each.holds; });
  if (rule == rules.end()) return std::nullopt;
  return rule->otherwise;
}

bool is_one_of(char letter, std::string_view letters) { return letters.find(letter) != std::string_view::npos; }

constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t shortest_reason = 3;
/// Crockford's base 32, of which ULIDs are made.
constexpr std::string_view ulid_letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool is_ulid(std::string_view text) {
  return text.size() == 26 &&
         std::all_of(text.begin(), text.end(), [](char letter) { return is_one_of(letter, ulid_letters); });
}

/// RFC 3339 has four digits for the year.
bool is_time(Time time) {
  constexpr Time end{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};
  return time >= Time{} && time < end;
}

bool is_time(const std::optional<Time>& time) { return !time || is_time(*time); }

/// One that is known: no document has a moment of 1970.
bool is_moment(Time time) { return is_time(time) && time > Time{}; }

/// As much of RFC 3986 as tells an address from a note: a scheme, and no blanks.
bool is_url(std::string_view text) {
  constexpr std::size_t longest = 500;
  if (text.size() > longest) return false;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 ||
      text.find_first_of(" <>\"\\^`{|}\t\r\n") != std::string_view::npos) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x7F; });
}

bool have_quantities(const std::vector<Part>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.quantity > 0 && std::isfinite(part.quantity); });
}

bool is_share(double value) { return value >= 0 && value <= 1; }

bool is_number(const std::optional<double>& value) { return !value || std::isfinite(*value); }

std::optional<std::string_view> wrong_head(const Alert& alert) {
  return broken({
      {is_ulid(alert.id), "id is not a ULID"},
      {alert.rev >= 1, "rev is below 1"},
      {is_level(alert.asset), "asset is not a topic level"},
      {is_level(alert.mode), "mode is not a topic level"},
      {alert.priority >= 1 && alert.priority <= 4, "priority is not 1 to 4"},
      {alert.count >= 1, "count is below 1"},
      {!alert.title.empty(), "title is missing"},
      {is_time(alert.raised_at) && alert.raised_at > Time{}, "raisedAt is no time"},
      {is_time(alert.changed_at) && alert.changed_at > Time{}, "changedAt is no time"},
      {is_time(alert.cleared_at), "clearedAt is no time"},
      {is_time(alert.closed_at), "closedAt is no time"},
      {is_time(alert.dispatch_by), "dispatchBy is no time"},
      {alert.iso14224.empty() || is_iso14224(alert.iso14224), "iso14224 is not three capitals"},
      {alert.parent.empty() || is_ulid(alert.parent), "parent is not a ULID"},
      {alert.previous.empty() || is_ulid(alert.previous), "previous is not a ULID"},
  });
}

std::optional<std::string_view> wrong_asset(const Asset& asset, const GatewayFacts& gateway, const Alert& alert) {
  return broken({
      {asset.key == alert.asset, "asset is another one than the alert's"},
      {!asset.ref.empty(), "asset.ref is missing: the back office could not tell which asset it is"},
      {!asset.name.empty(), "asset.name is missing"},
      {!asset.location.site.empty(), "location.site is missing"},
      {!asset.location.tz.empty(), "location.tz is missing"},
      {!asset.location.geo || (std::isfinite(asset.location.geo->front()) && std::isfinite(asset.location.geo->back())),
       "location.geo is no place"},
      {is_level(gateway.id), "gateway.id is not a topic level"},
      {!gateway.software.empty(), "gateway.sw is missing"},
      {is_number(gateway.clock.error_ms) && gateway.clock.error_ms.value_or(0) >= 0, "clock.errMs is negative"},
  });
}

std::optional<std::string_view> wrong_prognosis(const TimeToFailure& prognosis) {
  const double high = prognosis.high.value_or(prognosis.mid);
  const double week = prognosis.within_7_days.value_or(0);
  const double month = prognosis.within_30_days.value_or(1);
  return broken({
      {prognosis.low >= 0 && prognosis.low <= prognosis.mid && prognosis.mid <= high && std::isfinite(high),
       "prognosis.ttfHours does not rise from low to high"},
      {prognosis.level > 0 && prognosis.level < 1, "prognosis.ttfHours.level is not between 0 and 1"},
      {is_share(prognosis.confidence), "prognosis.confidence is not within 0 and 1"},
      {std::isfinite(prognosis.health), "prognosis.health is no number"},
      {is_share(week) && is_share(month) && week <= month, "prognosis.p7d and p30d are no rising shares"},
  });
}

std::optional<std::string_view> wrong_evidence(const Evidence& evidence) {
  const auto sound = [](const EvidencePoint& point) {
    return !point.id.empty() && std::isfinite(point.value) && is_number(point.baseline) && is_number(point.limit);
  };
  return broken({
      {is_time(evidence.from) && is_time(evidence.to) && evidence.from <= evidence.to,
       "evidence ends before it begins"},
      {!evidence.coverage || is_share(*evidence.coverage), "evidence.coverage is not within 0 and 1"},
      {std::all_of(evidence.points.begin(), evidence.points.end(), sound), "evidence has a point without id or value"},
  });
}

std::optional<std::string_view> wrong_advice(const Advice& advice) {
  return broken({
      {is_level(advice.code), "action.code is not a code of [A-Za-z0-9_-]"},
      {!advice.text.empty(), "action.text is missing"},
      {std::isfinite(advice.minutes), "action.minutes is no number"},
      {have_quantities(advice.parts), "action has a part without a quantity"},
  });
}

std::optional<std::string_view> wrong_kind(const Alert& alert) {
  const bool predicts = alert.kind == AlertKind::prediction;
  return broken({
      {!predicts || alert.prognosis, "a prediction needs a prognosis"},
      {!predicts || alert.dispatch_by, "a prediction needs dispatchBy"},
      {!predicts || alert.evidence, "a prediction needs evidence"},
      {!predicts || alert.detector, "a prediction needs a detector"},
      {!predicts || alert.advice, "a prediction needs an action"},
      {!alert.detector || !alert.detector->id.empty(), "detector.id is missing"},
      {!alert.detector || !alert.detector->version.empty(), "detector.version is missing"},
  });
}

std::optional<std::string_view> wrong_state(const Alert& alert) {
  const bool closed = alert.state == AlertState::closed;
  return broken({
      {!closed || alert.closed_at, "a closed alert needs closedAt"},
      {!closed || alert.outcome, "a closed alert needs an outcome"},
      {std::all_of(alert.log.begin(), alert.log.end(), [](const AlertLogEntry& entry) { return is_time(entry.at); }),
       "log has an entry without a time"},
  });
}

bool is_reference(const std::optional<Reference>& reference) {
  if (!reference) return true;
  return !reference->system.empty() && !reference->type.empty() && !reference->id.empty() &&
         (reference->url.empty() || is_url(reference->url));
}

std::optional<std::string_view> wrong_ack(const Acknowledgement& ack) {
  return broken({
      {!ack.by.empty(), "ack.by is missing"},
      {is_moment(ack.at), "ack.at is no time"},
      {is_reference(ack.reference), "ack.ref needs system, type and id, and no url or an absolute one"},
  });
}

std::optional<std::string_view> wrong_shelving(const Shelving& shelving) {
  return broken({
      {!shelving.by.empty(), "shelved.by is missing"},
      {is_moment(shelving.at), "shelved.at is no time"},
      {is_moment(shelving.until), "shelved.until is no time"},
      {shelving.reason.size() >= shortest_reason, "shelved.reason is missing or says too little"},
  });
}

std::optional<std::string_view> wrong_outcome(const Outcome& outcome) {
  return broken({
      {!outcome.by.empty(), "outcome.by is missing"},
      {is_moment(outcome.at), "outcome.at is no time"},
      {outcome.mode.empty() || is_level(outcome.mode), "outcome.mode is no name of a failure mode"},
      {outcome.action.empty() || is_level(outcome.action), "outcome.action is not a code of [A-Za-z0-9_-]"},
      {have_quantities(outcome.parts), "outcome has a part without a quantity"},
      {is_number(outcome.minutes) && outcome.minutes.value_or(0) >= 0, "outcome.minutes is no number of minutes"},
      {is_reference(outcome.reference), "outcome.ref needs system, type and id, and no url or an absolute one"},
  });
}

std::optional<std::string_view> wrong_energy(const EnergyWaste& energy, Time changed_at) {
  const auto is_currency = [](std::string_view text) {
    return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return is_one_of(c, capitals); });
  };
  return broken({
      {energy.kwh >= 0 && std::isfinite(energy.kwh), "energy.wasteKwh is negative"},
      {is_moment(energy.since), "energy.since is no time"},
      {energy.since <= changed_at, "energy.since lies after changedAt"},
      {!energy.cost_per_day || (*energy.cost_per_day >= 0 && std::isfinite(*energy.cost_per_day)),
       "energy.costPerDay is negative"},
      {!energy.cost_per_day || is_currency(energy.currency), "energy.costPerDay needs a currency"},
  });
}

std::optional<std::string_view> wrong_treatment(const Alert& alert) {
  std::optional<std::string_view> what;
  if (alert.ack) what = wrong_ack(*alert.ack);
  if (!what && alert.shelved) what = wrong_shelving(*alert.shelved);
  if (!what && alert.outcome) what = wrong_outcome(*alert.outcome);
  if (!what && alert.energy) what = wrong_energy(*alert.energy, alert.changed_at);
  return what;
}

Result<void> checked(const std::optional<std::string_view>& what) {
  if (!what) return {};
  return failure(Fault::refused, std::string{*what});
}

std::optional<std::string_view> wrong(const Alert& alert, const Asset& asset, const GatewayFacts& gateway) {
  if (const auto what = wrong_head(alert)) return what;
  if (const auto what = wrong_asset(asset, gateway, alert)) return what;
  if (const auto what = wrong_kind(alert)) return what;
  if (const auto what = wrong_state(alert)) return what;
  if (const auto what = wrong_treatment(alert)) return what;
  if (alert.prognosis) {
    if (const auto what = wrong_prognosis(*alert.prognosis)) return what;
  }
  if (alert.evidence) {
    if (const auto what = wrong_evidence(*alert.evidence)) return what;
  }
  return alert.advice ? wrong_advice(*alert.advice) : std::nullopt;
}

}  // namespace

Result<void> check_acknowledgement(const Acknowledgement& ack) { return checked(wrong_ack(ack)); }

Result<void> check_shelving(const Shelving& shelving) { return checked(wrong_shelving(shelving)); }

Result<void> check_outcome(const Outcome& outcome) { return checked(wrong_outcome(outcome)); }

Result<void> check_alert(const Alert& alert, const Asset& asset, const GatewayFacts& gateway) {
  const auto what = wrong(alert, asset, gateway);
  if (!what) return {};
  return failure(Fault::refused,
                 fmt::format("{}: alert {} does not keep the contract: {}", alert.slot(), alert.id, *what));
}

}  // namespace fettle::delivery
