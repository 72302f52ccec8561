#include "advisory/mode_case.hpp"

#include "advisory/wording.hpp"
#include "core/since.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle::advisory {
namespace {

constexpr int lasting_updates = 3;
constexpr int lasting_without_trend = 6;
constexpr Duration calm = std::chrono::hours{24};  ///< that a calmer verdict has to last before it is published
constexpr Duration longest_step = std::chrono::hours{24 * 3};

bool is_calmer(const Verdict& verdict, const Alert& published) {
  const bool back_from_limit =
      published.kind == AlertKind::fault && published.priority < 4 && verdict.kind == AlertKind::prediction;
  return verdict.severity < published.severity || verdict.priority > published.priority || back_from_limit;
}

}  // namespace

ModeCase::ModeCase(SlotFacts facts, std::vector<IndicatorFacts> indicators) : episode_{std::move(facts)} {
  for (auto& each : indicators) {
    const auto step = each.every;
    indicators_.push_back(Indicator{std::move(each), TrendRing{step, std::max(step, longest_step)}});
  }
  group_by_sensors();
}

void ModeCase::start_anew() {
  for (auto& each : indicators_) {
    const auto step = each.facts.every;
    each = Indicator{std::move(each.facts), TrendRing{step, std::max(step, longest_step)}};
  }
  group_by_sensors();
  calmer_since_.reset();
}

std::optional<Alert> ModeCase::consider(std::size_t index, const ModeHealth& health,
                                        const std::optional<Prognosis>& prognosis, const Standing& standing) {
  auto& indicator = indicators_.at(index);
  const bool is_known = indicator.health.time != Time{};  // not after a restart
  if (indicator.facts.continuous && is_known && !is_fresh(indicator, health.time)) indicator.beyond = 0;
  indicator.health = health;
  indicator.prognosis = indicator.forecast.take(prognosis);
  indicator.sign = read_sign(health, indicator.prognosis, episode_.facts().horizon, standing);
  if (indicator.sign == Sign::at_limit && !indicator.facts.foretells) indicator.sign = Sign::certain;
  indicator.trend.add(health.time, health.value);
  count(indicator);
  if (relations_.is_unfit && speaks_by_unfit_sensors()) doubted_at_ = health.time;
  if (lasting(indicator) && is_worst(indicator)) return hold(indicator, standing.doubted);
  if (episode_.is_active() && all_quiet()) return episode_.clear(health.time);
  if (speaks_for(indicator)) episode_.refresh(health.time, evidence_of(indicator, health.time), health.words);
  return episode_.tick(health.time);
}

/// What an open alert quotes: an indicator beyond its warning, or, when it is heard again and none is beyond any more, one that is not
/// yet well.
bool ModeCase::speaks_for(const Indicator& indicator) const {
  if (indicator.sign >= Sign::raised) return true;
  const auto is_beyond = [](const Indicator& each) { return each.beyond > 0; };
  return indicator.sign == Sign::unclear && episode_.is_due(indicator.health.time) &&
         std::none_of(indicators_.begin(), indicators_.end(), is_beyond);
}

void ModeCase::count(Indicator& indicator) {
  const auto counted = [](bool goes_on, int so_far) { return goes_on ? so_far + 1 : 0; };
  indicator.beyond = counted(indicator.sign >= Sign::raised, indicator.beyond);
  indicator.quiet = counted(indicator.sign == Sign::quiet, indicator.quiet);
}

bool ModeCase::lasting(const Indicator& indicator) const {
  if (indicator.sign >= Sign::certain) return indicator.beyond >= lasting_updates;
  if (indicator.sign != Sign::raised) return false;
  return indicator.beyond >= (agreed(indicator) ? lasting_updates : lasting_without_trend);
}

/// One alert speaks for all indicators of a mode, so the worst of those that have news leads.
bool ModeCase::is_worst(const Indicator& indicator) const {
  const auto now = indicator.health.time;
  const auto left = [now](const Indicator& each) { return each.prognosis ? to_hours(each.prognosis->mid - now) : 1e9; };
  return std::none_of(indicators_.begin(), indicators_.end(), [&](const Indicator& other) {
    if (&other == &indicator || !is_fresh(other, now) || !lasting(other)) return false;
    return other.sign > indicator.sign || (other.sign == indicator.sign && left(other) < left(indicator));
  });
}

bool ModeCase::is_fresh(const Indicator& indicator, Time now) const {
  return now - indicator.health.time <= 3 * indicator.facts.every;
}

/// Another indicator, which knows nothing of this one, has been beyond its warning for as long.
bool ModeCase::agreed(const Indicator& indicator) const {
  return std::any_of(indicators_.begin(), indicators_.end(), [&](const Indicator& other) {
    return &other != &indicator && other.group != indicator.group && is_fresh(other, indicator.health.time) &&
           other.beyond >= lasting_updates;
  });
}

bool ModeCase::all_quiet() const {
  return std::all_of(indicators_.begin(), indicators_.end(),
                     [](const Indicator& each) { return each.quiet >= lasting_updates || each.trend.empty(); });
}

/// A sign of a fault says nothing about the end. When that comes tells another indicator, which may be on its way there well before its
/// own warning.
const ModeCase::Indicator& ModeCase::foreteller_of(const Indicator& sign) const {
  if (sign.facts.foretells) return sign;
  const auto now = sign.health.time;
  const auto* soonest = &sign;
  for (const auto& each : indicators_) {
    if (!each.prognosis || !is_fresh(each, now)) continue;
    if (each.prognosis->mid - now > episode_.facts().horizon) continue;
    if (!soonest->prognosis || each.prognosis->mid < soonest->prognosis->mid) soonest = &each;
  }
  return *soonest;
}

std::optional<Alert> ModeCase::hold(const Indicator& found, bool doubted) {
  const auto now = found.health.time;
  if (is_offered_too_soon(now)) return std::nullopt;
  const auto& indicator = foreteller_of(found);
  const auto sign = &indicator == &found ? found.sign : std::max(indicator.sign, Sign::predicted);
  const auto* open = episode_.is_open() ? episode_.alert() : nullptr;
  const bool predicted = open != nullptr && (open->kind == AlertKind::prediction || open->priority < 4);
  auto verdict =
      judge(sign, indicator.health, indicator.prognosis, episode_.facts(), {predicted, doubted, agreed(found)});
  note_worst(verdict, now);
  if (is_too_early(verdict, now)) {
    if (!verdict.prognosis) {
      episode_.refresh(now, evidence_of(indicator, now), indicator.health.words);
      return episode_.tick(now);
    }
    const auto& published = *episode_.alert();
    verdict.severity = std::max(verdict.severity, published.severity);
    verdict.priority = std::min(verdict.priority, published.priority);
    verdict.kind = published.kind;
  } else if (stays_worth_a_visit(verdict, now) && !doubted) {
    verdict.severity = episode_.alert()->severity;
    verdict.priority = std::min(verdict.priority, 3);
  }
  episode_.expect_parent(explanation(now, verdict.severity, verdict.priority));
  return episode_.hold(now, with_words(std::move(verdict), indicator, now));
}

/// Severity and urgency rise at once, and fall only when the calmer verdict has lasted.
bool ModeCase::is_too_early(const Verdict& verdict, Time now) {
  keep_since(calmer_since_, episode_.is_active() && is_calmer(verdict, *episode_.alert()), now);
  return calmer_since_ && now - *calmer_since_ < calm;
}

/// After a restart what is told now is the worst that is known.
void ModeCase::note_worst(const Verdict& verdict, Time now) {
  const double index = 1 - verdict.health;
  if (!episode_.is_active()) worst_.reset();
  worst_ = std::max(worst_.value_or(index), index);
  keep_since(eased_since_, index <= *worst_ / 2, now);
}

/// Somebody may be on the way. That its end cannot be foretold any more makes a machine no better than it was when they were sent. Of what is
/// no machine's fault it is told how it stands now.
bool ModeCase::stays_worth_a_visit(const Verdict& verdict, Time now) const {
  if (!episode_.is_active() || verdict.severity >= episode_.alert()->severity) return false;
  const bool has_eased = eased_since_ && now - *eased_since_ >= calm;
  return verdict.kind == AlertKind::fault && !has_eased;
}

void ModeCase::note_waste(const EnergyWaste& energy) {
  wasted_ = energy;
  episode_.waste(energy);
}

Verdict ModeCase::with_words(Verdict verdict, const Indicator& indicator, Time now) const {
  verdict.evidence = evidence_of(indicator, now);
  if (verdict.kind == AlertKind::service) verdict.energy = wasted_;
  verdict.title = title_of(verdict, episode_.facts(), indicator.health.words, now);
  verdict.text = text_of(verdict, episode_.facts(), indicator.health.words, now);
  return verdict;
}

Evidence ModeCase::evidence_of(const Indicator& indicator, Time now) const {
  Evidence evidence;
  evidence.from = indicator.trend.from();
  evidence.to = now;
  evidence.coverage = indicator.trend.coverage();
  const auto add = [&evidence](const Indicator& each) {
    EvidencePoint point;
    point.id = each.facts.id;
    point.brick = each.facts.brick;
    point.label = each.facts.label;
    point.quantity = each.facts.quantity;
    point.value = each.health.value;
    if (!each.health.absolute) point.baseline = each.health.baseline;
    point.limit = each.health.limit;
    point.trend = each.trend.values();
    point.step = each.trend.step();
    evidence.points.push_back(std::move(point));
  };
  add(indicator);
  for (const auto& each : indicators_) {
    const bool known = each.health.time != Time{};
    if (&each != &indicator && known && each.beyond > 0 && evidence.points.size() < 4) add(each);
  }
  return evidence;
}

std::string ModeCase::state_id() const { return episode_.facts().asset + "/" + episode_.facts().mode + "/case"; }

std::uint64_t ModeCase::settings_hash() const {
  std::string text;
  for (const auto& each : indicators_)
    text += fmt::format("{} {} {} ", each.facts.id, each.facts.every.count(), each.facts.meaning);
  return hash_of(text);
}

void ModeCase::save(StateWriter& writer) const {
  for (const auto& each : indicators_) {
    writer.put(each.beyond);
    writer.put(each.quiet);
    each.forecast.save(writer);
    each.trend.save(writer);
  }
  episode_.save(writer);
}

bool ModeCase::restore(StateReader& reader) {
  auto restored = indicators_;
  for (auto& each : restored) {
    reader.get(each.beyond);
    reader.get(each.quiet);
    each.forecast.restore(reader);
    if (!each.trend.restore(reader)) return false;
  }
  episode_.restore(reader);
  if (!reader.complete()) return false;
  indicators_ = std::move(restored);
  return true;
}

}  // namespace fettle::advisory
