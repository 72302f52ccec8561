#pragma once

#include "advisory/episode.hpp"

#include <optional>

namespace fettle::test {

using namespace std::chrono_literals;
using advisory::Episode;
using advisory::SlotFacts;
using advisory::Verdict;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

inline SlotFacts filter() {
  SlotFacts facts;
  facts.asset = "AHU-07";
  facts.mode = "filter-clog";
  facts.severity = Severity::major;
  facts.advice.code = "FILTER-REPLACE";
  facts.advice.lead_time = 48h;
  facts.identity = "gw-0042";
  facts.customer_note = "We will replace a filter.";
  facts.closing_note = "The filter has been replaced.";
  return facts;
}

/// A failure expected after `mid`.
inline Prognosis in(Time now, Duration mid) {
  Prognosis prognosis;
  prognosis.made = now;
  prognosis.low = now + mid / 2;
  prognosis.mid = now + mid;
  prognosis.high = now + mid * 2;
  prognosis.confidence = 0.9;
  return prognosis;
}

inline Verdict prediction(Time now, Duration mid, int priority = 3) {
  Verdict verdict;
  verdict.kind = AlertKind::prediction;
  verdict.severity = Severity::major;
  verdict.priority = priority;
  verdict.prognosis = in(now, mid);
  return verdict;
}

/// The first revision that an hourly look makes within [from, to].
inline std::optional<Alert> tick_hourly(Episode& episode, Time from, Time to) {
  for (auto now = from; now <= to; now += 1h) {
    if (auto alert = episode.tick(now)) return alert;
  }
  return std::nullopt;
}

inline Acknowledgement taken_on(Time at, const std::string& order = "WO-1") {
  return {"dispatch/m.lee", at, "booked", Reference{"d365", "workorder", order, ""}};
}

inline Shelving shelved(Time at, Time until) { return {"dispatch/m.lee", at, until, "part on its way"}; }

inline Outcome outcome(Time at, Conclusion verdict, std::optional<bool> fixed = std::nullopt) {
  Outcome result;
  result.verdict = verdict;
  result.by = "tech/a.kaya";
  result.at = at;
  result.fixed = fixed;
  return result;
}

/// What is left after a restart: the state that was saved, and the alert as its document has it.
inline Episode restarted(const Episode& before, SlotFacts facts) {
  StateWriter writer;
  before.save(writer);
  const auto bytes = writer.take();
  StateReader reader{bytes};
  Episode after{std::move(facts)};
  after.restore(reader);
  after.restore(*before.alert());
  return after;
}

}  // namespace fettle::test
