#include "prognosis/rise.hpp"

#include "core/median.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace fettle::prognosis {
namespace {

constexpr std::size_t least_samples = 8;
constexpr double largest_share = 0.6;  ///< of a rise, in one step: more than that is a change of state and not wear
constexpr double ample_rise = 0.6;     ///< of the index; that much is a rise however restless the machine was before
constexpr double log_floor = 0.02;
constexpr double highest_base = 0.8;  ///< of the present: what is hardly above its base says nothing about a law
constexpr double least_deviation = 0.003;
constexpr double least_weight = 0.1;  ///< of each law: what was so far need not go on

double transformed(double risen, double power) {
  if (power == 1) return risen;
  return power > 0 ? std::pow(std::max(risen, 0.0), power) : std::log(std::max(risen, log_floor));
}

double untransformed(double value, double power) {
  return power > 0 ? std::copysign(std::pow(std::abs(value), 1 / power), value) : std::exp(value);
}

/// True if one of the laws still says what the newest updates say. A scale that is too coarse has not seen yet how fast things go now.
bool explains(const Rise& rise, const Present& present, double tolerance) {
  for (std::size_t law = 0; law < powers.size(); ++law) {
    if (std::abs(present.level - rise.expected_at(present.hours, law)) <= tolerance) return true;
  }
  return false;
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

std::optional<Rise> rise_on(Samples samples, const Unrest& unrest, double level, std::optional<double>& base,
                            const Gate& gate) {
  const auto onset = find_onset(samples.view(), least_samples);
  Samples since;
  for (const auto& each : samples.view().subspan(onset)) since.add(each);
  if (onset > 0 && !base) base = level_of(samples.view().first(onset));
  const auto rise = rise_of(since, std::min(base.value_or(0), highest_base * level));
  if (rise.kendall.z < gate.z || !rise.straight().rises()) return std::nullopt;
  const double from =
      onset > 0 ? line_at(samples.view().first(onset), 0, 0) : rise.expected_at(since.view().front().hours, 0);
  if (level - from < std::min(gate.unrests * unrest.scale(), ample_rise)) return std::nullopt;
  if (largest_step(since.view()) > largest_share * (level - from)) return std::nullopt;
  return rise;
}

using Residuals = std::array<double, history_depth>;

/// The weights of the laws, from how well they fit; a few wild samples may not decide it.
void weigh(Rise& rise) {
  const auto samples = rise.since_onset.view();
  std::array<Residuals, powers.size()> residuals{};
  double deviation = std::numeric_limits<double>::infinity();
  for (std::size_t law = 0; law < powers.size(); ++law) {
    auto& each = residuals.at(law);
    std::ranges::transform(samples, each.begin(), [&rise, law](const Sample& sample) {
      return std::abs(sample.value - rise.expected_at(sample.hours, law));
    });
    auto sorted = each;
    deviation = std::min(deviation, 1.48 * median_in_place(std::span{sorted}.first(samples.size())));
  }
  deviation = std::max(deviation, least_deviation);
  const auto penalty = [deviation](double sum, double residual) {
    return sum + std::min(std::pow(residual / deviation, 2), 9.0) / 2;
  };
  std::array<double, powers.size()> odds{};
  for (std::size_t law = 0; law < powers.size(); ++law) {
    const auto fitted = std::span{residuals.at(law)}.first(samples.size());
    odds.at(law) = -std::accumulate(fitted.begin(), fitted.end(), 0.0, penalty);
  }
  const double best = *std::ranges::max_element(odds);
  for (auto& each : odds) each = std::exp(each - best);
  const double sum = std::accumulate(odds.begin(), odds.end(), 0.0);
  constexpr double shared = powers.size() * least_weight;
  for (std::size_t law = 0; law < powers.size(); ++law)
    rise.laws.at(law).weight = least_weight + (1 - shared) * odds.at(law) / sum;
}

}  // namespace

double Rise::expected_at(double hours, std::size_t law) const {
  const auto& growth = laws.at(law);
  return base + untransformed(growth.line + growth.slope * hours, powers.at(law));
}

double Rise::expected_at(double hours) const {
  const auto best = std::ranges::max_element(laws, {}, &Growth::weight);
  return expected_at(hours, static_cast<std::size_t>(best - laws.begin()));
}

Rise rise_of(const Samples& since_onset, double base) {
  Rise rise;
  rise.since_onset = since_onset;
  rise.base = base;
  rise.kendall = kendall(since_onset.view());
  for (std::size_t law = 0; law < powers.size(); ++law) {
    Samples samples;
    for (const auto& each : since_onset.view())
      samples.add({each.hours, transformed(each.value - base, powers.at(law))});
    auto& growth = rise.laws.at(law);
    growth.slope = theil_sen_slope(samples.view());
    growth.line = line_at(samples.view(), growth.slope, 0);
  }
  weigh(rise);
  return rise;
}

std::optional<Rise> find_rise(const History& history, const Unrest& unrest, const Present& present, const Gate& gate) {
  if (present.level < gate.index) return std::nullopt;
  const double tolerance = 0.4 * std::max(0.05, unrest.scale());
  std::optional<double> base;  ///< as the coarsest scale tells it
  std::optional<Rise> finest;
  for (std::size_t scale = History::scales; scale-- > 0;) {
    auto samples = history.samples(scale);
    if (samples.count < least_samples) continue;
    if (scale == 0) samples = without_spikes(samples.view());
    auto rise = rise_on(samples, unrest, present.level, base, gate);
    if (!rise) continue;
    finest = rise;
    if (explains(*rise, present, tolerance)) break;
  }
  return finest;
}

double hours_between(const Rise& rise, double from, double to) {
  double sum = 0;
  double weight = 0;
  for (std::size_t law = 0; law < powers.size(); ++law) {
    const auto& growth = rise.laws.at(law);
    if (!growth.rises()) continue;
    const double way = transformed(to - rise.base, powers.at(law)) - transformed(from - rise.base, powers.at(law));
    sum += growth.weight * std::log(way / growth.slope);
    weight += growth.weight;
  }
  return std::exp(sum / weight);
}

}  // namespace fettle::prognosis
