#include "pipeline.hpp"

namespace fettle {

Pipeline::Pipeline(const Installation& installation) : parts_{wire_up(installation)} {}

std::vector<Alert> Pipeline::accept(const Reading& reading) {
  std::vector<Alert> alerts;
  const auto at = reading.point.index;
  if (at >= parts_.points.size()) return alerts;
  const auto& fact = facts(parts_.points[at].quantity);
  const bool impossible = reading.is_good() && !(reading.value >= fact.lowest && reading.value <= fact.highest);
  follow(impossible ? bad(reading.point, reading.time, Reason::out_of_range) : reading, alerts);
  return alerts;
}

void Pipeline::follow(const Reading& reading, std::vector<Alert>& alerts) {
  const auto at = reading.point.index;
  if (const auto indicator = parts_.judged[at]) judge(parts_.indicators[*indicator], reading, alerts);
  for (const auto feature : parts_.listeners[at]) {
    if (const auto derived = parts_.features[feature]->derive(reading)) follow(*derived, alerts);
  }
}

void Pipeline::judge(PipelineParts::Indicator& indicator, const Reading& median, std::vector<Alert>& alerts) {
  const auto finding = indicator.detector->observe(median);
  if (!finding) return;
  const auto health = indicator.assessor.assess(*finding);
  const auto prognosis = indicator.forecaster->follow(health);
  auto alert = parts_.cases[indicator.mode_case]->consider(indicator.place, health, prognosis);
  if (alert) alerts.push_back(std::move(*alert));
}

std::vector<Alert> Pipeline::tick(Time now) {
  std::vector<Alert> alerts;
  for (auto& mode_case : parts_.cases) {
    if (auto alert = mode_case->tick(now)) alerts.push_back(std::move(*alert));
  }
  return alerts;
}

bool Pipeline::restore(const Alert& alert) {
  for (auto& mode_case : parts_.cases) {
    const auto& facts = mode_case->episode().facts();
    if (facts.asset != alert.asset || facts.mode != alert.mode) continue;
    mode_case->restore(alert);
    return true;
  }
  return false;
}

std::vector<Stateful*> Pipeline::learned() {
  std::vector<Stateful*> parts;
  for (auto& indicator : parts_.indicators) {
    parts.push_back(indicator.detector.get());
    parts.push_back(indicator.forecaster.get());
  }
  for (auto& mode_case : parts_.cases) parts.push_back(mode_case.get());
  return parts;
}

}  // namespace fettle
