#pragma once

#include "advisory/mode_case.hpp"

/// Failure modes of a pump, each with a sign or two that are read once an hour.
namespace fettle::advisory::test {

inline constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
inline constexpr PointId temperature{1}, pressure{2}, flow{3};

inline IndicatorFacts seen_by(std::vector<PointId> sensors) {
  IndicatorFacts facts;
  facts.id = "PUMP-01/sign";
  facts.label = "Sign";
  facts.every = std::chrono::hours{1};
  facts.inputs = facts.sensors = std::move(sensors);
  return facts;
}

inline SlotFacts slot(const std::string& mode, Severity severity = Severity::major) {
  SlotFacts facts;
  facts.asset = "PUMP-01";
  facts.mode = mode;
  facts.severity = severity;
  facts.identity = "gw-0042";
  return facts;
}

inline SlotFacts slot_within(const std::string& mode, Duration horizon) {
  auto facts = slot(mode);
  facts.horizon = horizon;
  return facts;
}

/// Where 1 is the limit, which nobody had to learn; or had to.
inline ModeHealth at(Time time, double index, bool absolute = true) {
  ModeHealth health;
  health.time = time;
  health.value = health.index = index;
  health.warn = 0.5;
  health.limit = 1;
  health.evidence = 10;
  health.absolute = absolute;
  return health;
}

/// So many hours of one sign; the last revision.
inline std::optional<Alert> live(ModeCase& its, Time& now, int hours, double index, bool absolute = true) {
  std::optional<Alert> last;
  for (int hour = 0; hour < hours; ++hour) {
    now += std::chrono::hours{1};
    if (auto alert = its.consider(0, at(now, index, absolute), std::nullopt)) last = alert;
  }
  return last;
}

}  // namespace fettle::advisory::test
