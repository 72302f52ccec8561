#include "manipulation/cycle_feature.hpp"

#include "core/median.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fettle::manipulation {
namespace {

Input state_of(const FeatureSettings& settings, CycleFeature::Power power) {
  const auto& of = settings.arguments;
  const std::size_t wanted = power == CycleFeature::Power::needed ? 2 : 1;
  const bool fits = of.size() == wanted &&
                    std::all_of(of.begin(), of.end(), [](const Argument& each) { return each.point.has_value(); });
  if (fits) return *of.front().point;
  throw std::invalid_argument{
      wanted == 1 ? "takes one run state (such as `of: [on]`, with `on: {feature: on_off, of: [power]}`)"
                  : "takes a run state and a power (such as `of: [on, power]`)"};
}

}  // namespace

CycleFeature::CycleFeature(const FeatureSettings& settings, Power power)
    : LearningFeature{settings},
      target_{settings.target},
      state_{state_of(settings, power)},
      power_{power == Power::needed ? settings.arguments.back().point : std::nullopt},
      gate_{settings.gate},
      cycles_{state_.every} {}

std::vector<PointId> CycleFeature::inputs() const {
  std::vector<PointId> points{state_.point};
  if (power_) points.push_back(power_->point);
  return gate_.with(std::move(points));
}

std::optional<Reading> CycleFeature::derive(const Reading& reading) {
  gate_.take(reading);
  if (power_ && reading.point == power_->point) draw(reading);
  if (reading.point != state_.point) return std::nullopt;
  if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
  follow(reading.time, cycles_.take(reading));
  if (const auto why = gate_.closed(reading.time); why != Reason::none) return bad(target_, reading.time, why);
  return tell(target_, reading.time);
}

void CycleFeature::save(StateWriter& writer) const {
  cycles_.save(writer);
  remember(writer);
}

bool CycleFeature::restore(StateReader& reader) {
  cycles_.restore(reader);
  if (recall(reader) && reader.complete()) return true;
  start_anew();
  return false;
}

void CycleFeature::start_anew() {
  cycles_ = Cycles{state_.every};
  forget();
}

void LatestRuns::add(double figure) { figures_.at(static_cast<std::size_t>(count_++ % wanted_)) = figure; }

std::optional<double> LatestRuns::median() const {
  constexpr std::size_t least = 3;
  auto sorted = figures_;
  const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(count_, wanted_));
  if (known < least) return std::nullopt;
  return median_in_place(std::span{sorted}.first(known));
}

void LatestRuns::save(StateWriter& writer) const {
  writer.put(count_);
  writer.put(figures_);
}

bool LatestRuns::restore(StateReader& reader) {
  reader.get(count_);
  reader.get(figures_);
  return std::ranges::all_of(figures_, [](double each) { return std::isfinite(each); });
}

}  // namespace fettle::manipulation
