#include "prognosis/rise.hpp"

#include "core/median.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fettle::prognosis {
namespace {

constexpr std::size_t least_samples = 8;
constexpr double largest_share = 0.6;  ///< of a rise, in one step: more than that is a change of state and not wear
constexpr double ample_rise = 0.6;     ///< of the index; that much is a rise however restless the machine was before
constexpr double log_floor = 0.02;

/// True if the line or the exponential still says what the newest updates say. A scale that is too coarse has not seen yet how
/// fast things go now.
bool explains(const Rise& rise, const Present& present, double tolerance) {
  const double straight = std::abs(present.level - rise.straight_at(present.hours));
  return std::min(straight, std::abs(present.level - rise.exponential_at(present.hours))) <= tolerance;
}

/// The most that the index rose from one sample to the next but one: a block's median may lie half way up a step.
double largest_step(std::span<const Sample> samples) {
  double result = 0;
  for (std::size_t at = 2; at < samples.size(); ++at) {
    result = std::max(result, samples[at].value - samples[at - 2].value);
  }
  return result;
}

std::optional<Rise> rise_on(Samples samples, const Unrest& unrest, double level, const Gate& gate) {
  const auto onset = find_onset(samples.view(), least_samples);
  Samples since;
  for (const auto& each : samples.view().subspan(onset)) since.add(each);
  const auto rise = rise_of(since);
  if (rise.kendall.z < gate.z || rise.slope <= 0) return std::nullopt;
  const double base =
      onset > 0 ? line_at(samples.view().first(onset), 0, 0) : rise.straight_at(since.view().front().hours);
  if (level - base < std::min(gate.unrests * unrest.scale(), ample_rise)) return std::nullopt;
  if (largest_step(since.view()) > largest_share * (level - base)) return std::nullopt;
  return rise;
}

/// The odds of straight against exponential, from how well they fit; a few wild samples may not decide it.
double weight_of_line(const Rise& rise) {
  const auto samples = rise.since_onset.view();
  std::array<double, history_depth> straight{};
  std::array<double, history_depth> curved{};
  for (std::size_t at = 0; at < samples.size(); ++at) {
    straight.at(at) = std::abs(samples[at].value - rise.straight_at(samples[at].hours));
    curved.at(at) = std::abs(samples[at].value - rise.exponential_at(samples[at].hours));
  }
  auto sorted = straight;
  const double typical = median_in_place(std::span{sorted}.first(samples.size()));
  sorted = curved;
  const double deviation =
      std::max(0.003, 1.48 * std::min(typical, median_in_place(std::span{sorted}.first(samples.size()))));
  double advantage = 0;
  for (std::size_t at = 0; at < samples.size(); ++at) {
    const auto penalty = [deviation](double residual) { return std::min(std::pow(residual / deviation, 2), 9.0) / 2; };
    advantage += penalty(curved.at(at)) - penalty(straight.at(at));
  }
  return std::clamp(1 / (1 + std::exp(-advantage)), 0.15, 0.85);
}

}  // namespace

Rise rise_of(const Samples& since_onset) {
  const auto samples = since_onset.view();
  const auto logs = logarithms(samples, log_floor);
  Rise rise;
  rise.since_onset = since_onset;
  rise.kendall = kendall(samples);
  rise.slope = theil_sen_slope(samples);
  rise.line = line_at(samples, rise.slope, 0);
  rise.growth = theil_sen_slope(logs.view());
  rise.log_line = line_at(logs.view(), rise.growth, 0);
  rise.weight = weight_of_line(rise);
  return rise;
}

std::optional<Rise> find_rise(const History& history, const Unrest& unrest, const Present& present, const Gate& gate) {
  if (present.level < gate.index) return std::nullopt;
  const double tolerance = std::max(0.05, unrest.scale());
  std::optional<Rise> finest;
  for (std::size_t scale = History::scales; scale-- > 0;) {
    auto samples = history.samples(scale);
    if (samples.count < least_samples) continue;
    if (scale == 0) samples = without_spikes(samples.view());
    auto rise = rise_on(samples, unrest, present.level, gate);
    if (!rise) continue;
    finest = rise;
    if (explains(*rise, present, tolerance)) break;
  }
  return finest;
}

double hours_between(const Rise& rise, double from, double to) {
  const double straight = std::log((to - from) / rise.slope);
  if (rise.growth <= 0) return std::exp(straight);
  const double curved = std::log(std::log(to / from) / rise.growth);
  return std::exp(rise.weight * straight + (1 - rise.weight) * curved);
}

}  // namespace fettle::prognosis
