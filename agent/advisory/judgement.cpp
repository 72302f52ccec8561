#include "advisory/judgement.hpp"

#include <algorithm>

namespace fettle::advisory {
namespace {

/// 1 in 1,000 for a single period if nothing had changed; it has to last for several.
constexpr double evidence_needed = 3;

/// Nobody drives out within the hour.
constexpr Duration travel_margin = std::chrono::hours{24};

}  // namespace

Sign read_sign(const ModeHealth& health, const std::optional<Prognosis>& prognosis, Duration horizon,
               const Standing& standing) {
  const double needed = evidence_needed + (health.absolute ? 0 : standing.extra_evidence);
  if (well_below_warning(health)) return Sign::quiet;
  if (!beyond_warning(health) || health.evidence < needed) return Sign::unclear;
  if (health.index >= 1) return Sign::at_limit;
  if (prognosis && prognosis->mid - health.time <= horizon) return Sign::predicted;
  return Sign::raised;
}

Time dispatch_by(Time now, const Prognosis& prognosis, const Advice& advice) {
  return std::max(now, prognosis.low - std::max(advice.lead_time, travel_margin));
}

int priority_of(Time now, Time dispatch_by) {
  if (dispatch_by - now < std::chrono::hours{24}) return 1;
  if (dispatch_by - now < std::chrono::hours{24 * 7}) return 2;
  return 3;
}

Verdict judge(Sign sign, const ModeHealth& health, const std::optional<Prognosis>& prognosis, const SlotFacts& facts,
              const Circumstances& circumstances) {
  Verdict verdict;
  verdict.health = std::clamp(1 - health.index, 0.0, 1.0);
  verdict.prognosis = prognosis;
  if (facts.kind == AlertKind::system) {
    const bool sure = sign == Sign::at_limit;
    verdict.kind = AlertKind::system;
    verdict.prognosis.reset();
    verdict.severity = sure ? facts.severity : Severity::warning;
    verdict.priority = sure ? 3 : 4;
    return verdict;
  }
  if (facts.kind == AlertKind::service) {
    verdict.kind = AlertKind::service;
    verdict.prognosis.reset();
    return verdict;
  }
  // What never becomes worse than a warning is for information: nobody drives out for it.
  if (facts.severity == Severity::warning) {
    verdict.kind = AlertKind::fault;
    verdict.prognosis.reset();
    return verdict;
  }
  const bool at_limit = sign == Sign::at_limit;
  const bool believed = health.absolute || !circumstances.doubted;
  if (prognosis && (sign == Sign::predicted || at_limit)) {
    verdict.kind = at_limit ? AlertKind::fault : AlertKind::prediction;
    if (!believed) return verdict;
    verdict.severity = facts.severity;
    verdict.priority = at_limit ? 1 : priority_of(health.time, dispatch_by(health.time, *prognosis, facts.advice));
    return verdict;
  }
  // Without a trend, only a limit that nobody had to learn, a prediction that came true, or two signs that know nothing of each other
  // are worth a visit.
  verdict.kind = AlertKind::fault;
  const bool is_there = at_limit || sign == Sign::certain;
  const bool sure = is_there && believed && (health.absolute || circumstances.was_predicted || circumstances.agreed);
  verdict.severity = sure ? facts.severity : Severity::warning;
  verdict.priority = sure ? (at_limit ? 1 : 3) : 4;
  return verdict;
}

}  // namespace fettle::advisory
