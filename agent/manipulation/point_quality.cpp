#include "manipulation/point_quality.hpp"

#include <cmath>

namespace fettle::manipulation {
namespace {

/// A new meter's first readings are right, and what was consumed between the old one's last and the new one's first is not in them.
Reason reason_of(CounterEvent event) {
  switch (event) {
    case CounterEvent::none:
    case CounterEvent::wrapped: return Reason::none;
    case CounterEvent::leapt: return Reason::too_fast;
    case CounterEvent::fell:
    case CounterEvent::replaced: return Reason::set_back;
  }
  return Reason::none;
}

Reading doubted(Reading reading, Reason why) {
  reading.quality = Quality::uncertain;
  reading.reason = why;
  return reading;
}

}  // namespace

PointQuality::PointQuality(const PointFacts& facts) {
  const auto& nature = nature_of(facts.quantity);
  if (facts.counts) {
    rule_ = std::make_unique<Counter>(facts.motion);
  } else if (facts.motion.max_rate > 0) {
    rule_ = std::make_unique<Limited>(Limited{RateLimit{facts.motion}, {}});
  } else if (!facts.commanded && (nature.sticks || nature.spike_factor > 0)) {
    rule_.emplace<Gauge>();
  }
}

std::optional<Reading> PointQuality::judged(const PointFacts& facts, Reading reading) {
  event_ = CounterEvent::none;
  if (reading.quality == Quality::bad) return reading;
  if (std::isnan(reading.value)) return bad(reading.point, reading.time, Reason::no_value);
  if (!(reading.value >= facts.lowest && reading.value <= facts.highest))
    return bad(reading.point, reading.time, Reason::out_of_range);
  if (!reading.is_good()) return reading;
  const auto arrival = order_.take(reading.time);
  if (arrival == Arrival::repeated || arrival == Arrival::impossible) return std::nullopt;
  if (arrival == Arrival::late) return doubted(reading, Reason::out_of_order);
  const auto why = misfit(facts, arrival, reading);
  return why == Reason::none ? reading : doubted(reading, why);
}

Reason PointQuality::misfit(const PointFacts& facts, Arrival arrival, const Reading& reading) {
  const auto& nature = nature_of(facts.quantity);
  const auto interval = order_.interval();
  if (auto* const gauge = std::get_if<Gauge>(&rule_)) {
    auto& [spike, stuck] = *gauge;
    if (arrival == Arrival::anew) spike.begin_anew();
    if (arrival == Arrival::anew) stuck.begin_anew();
    if (!spike.fits(interval, reading.value, nature)) return Reason::spike;
    return stuck.fits(interval, reading.value, nature) ? Reason::none : Reason::stuck;
  }
  if (auto* const limited = std::get_if<std::unique_ptr<Limited>>(&rule_)) {
    auto& [limit, stuck] = **limited;
    if (arrival == Arrival::anew) limit.begin_anew();
    if (arrival == Arrival::anew) stuck.begin_anew();
    if (!limit.fits(reading.time, reading.value)) return Reason::too_fast;
    return facts.commanded || stuck.fits(interval, reading.value, nature) ? Reason::none : Reason::stuck;
  }
  if (auto* const counter = std::get_if<std::unique_ptr<Counter>>(&rule_))
    event_ = (*counter)->take(reading.time, reading.value);
  return reason_of(event_);
}

const Stuck* PointQuality::stuck() const {
  if (const auto* const gauge = std::get_if<Gauge>(&rule_)) return &gauge->stuck;
  if (const auto* const limited = std::get_if<std::unique_ptr<Limited>>(&rule_)) return &(*limited)->stuck;
  return nullptr;
}

std::optional<double> PointQuality::last() const {
  const auto* const known = stuck();
  if (known == nullptr || std::isnan(known->last())) return std::nullopt;
  return known->last();
}

void PointQuality::save(StateWriter& writer) const {
  if (const auto* const gauge = std::get_if<Gauge>(&rule_)) gauge->spike.save(writer);
  if (const auto* const known = stuck()) known->save(writer);
}

bool PointQuality::restore(StateReader& reader) {
  if (auto* const gauge = std::get_if<Gauge>(&rule_))
    return gauge->spike.restore(reader) && gauge->stuck.restore(reader);
  if (auto* const limited = std::get_if<std::unique_ptr<Limited>>(&rule_)) return (*limited)->stuck.restore(reader);
  return true;
}

}  // namespace fettle::manipulation
