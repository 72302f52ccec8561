#include "prognosis/rise.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fettle::prognosis {
namespace {

constexpr std::size_t least_samples = 8;
constexpr double largest_share = 0.6;  ///< of a rise, in one step: more than that is a change of state and not wear
constexpr double ample_rise = 0.6;     ///< of the index; that much is a rise however restless the machine was before
constexpr double highest_base = 0.8;   ///< of the present: what is hardly above its base says nothing about a law

/// True if what is likeliest still says what the newest updates say. A scale that is too coarse has not seen yet how fast things go now.
bool explains(const Rise& rise, const Present& present, double tolerance) {
  const double straight = line_at(rise.since_onset.view(), rise.slope, present.hours);
  const double likeliest = rise.courses.expected_at(present.hours);
  return std::min(std::abs(present.level - straight), std::abs(present.level - likeliest)) <= tolerance;
}

/// The most that the index rose from one sample to the next but one: a block's median may lie half way up a step.
double largest_step(std::span<const Sample> samples) {
  double result = 0;
  for (std::size_t at = 2; at < samples.size(); ++at) {
    result = std::max(result, samples[at].value - samples[at - 2].value);
  }
  return result;
}

/// What the index was before its rise: the lower quartile, for the rise may have begun before it could be told.
double level_of(std::span<const Sample> before) {
  std::array<double, history_depth> values{};
  std::ranges::transform(before, values.begin(), &Sample::value);
  const auto quarter = values.begin() + static_cast<std::ptrdiff_t>(before.size() / 4);
  std::nth_element(values.begin(), quarter, values.begin() + static_cast<std::ptrdiff_t>(before.size()));
  return *quarter;
}

std::optional<Rise> rise_on(const Samples& samples, const Unrest& unrest, const Present& present,
                            std::optional<double>& base, const Gate& gate) {
  const auto onset = find_onset(samples.view(), least_samples);
  Rise rise;
  for (const auto& each : samples.view().subspan(onset)) rise.since_onset.add(each);
  const auto since = rise.since_onset.view();
  if (onset > 0 && !base) base = level_of(samples.view().first(onset));
  rise.kendall = kendall(since);
  rise.slope = theil_sen_slope(since);
  if (rise.kendall.z < gate.z || rise.slope <= 0) return std::nullopt;
  const double from =
      onset > 0 ? line_at(samples.view().first(onset), 0, 0) : line_at(since, rise.slope, since.front().hours);
  if (present.level - from < std::min(gate.unrests * unrest.scale(), ample_rise)) return std::nullopt;
  if (largest_step(since) > largest_share * (present.level - from)) return std::nullopt;
  rise.courses = {samples.view(), std::min(base.value_or(0), highest_base * present.level), present.hours};
  if (rise.courses.empty()) return std::nullopt;
  return rise;
}

}  // namespace

std::optional<Rise> find_rise(const History& history, const Unrest& unrest, const Present& present, const Gate& gate) {
  if (present.level < gate.index) return std::nullopt;
  const double tolerance = 0.4 * std::max(0.05, unrest.scale());
  std::optional<double> base;  ///< as the coarsest scale tells it
  std::optional<Rise> finest;
  for (std::size_t scale = History::scales; scale-- > 0;) {
    auto samples = history.samples(scale);
    if (samples.count < least_samples) continue;
    if (scale == 0) samples = without_spikes(samples.view());
    auto rise = rise_on(samples, unrest, present, base, gate);
    if (!rise) continue;
    finest = rise;
    if (explains(*rise, present, tolerance)) break;
  }
  return finest;
}

}  // namespace fettle::prognosis
