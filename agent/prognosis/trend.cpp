#include "prognosis/trend.hpp"

#include "core/median.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace fettle::prognosis {
namespace {

constexpr std::size_t most_pairs = history_depth * (history_depth - 1) / 2;

/// Sums from which the squares about a mean and about a line follow. Hours are taken relative to the first sample's.
struct Sums {
  double count = 0, t = 0, x = 0, tt = 0, tx = 0, xx = 0;

  void add(double hours, double value) {
    count += 1;
    t += hours;
    x += value;
    tt += hours * hours;
    tx += hours * value;
    xx += value * value;
  }
  double about_mean() const { return count > 0 ? xx - x * x / count : 0; }
  double covariance() const { return tx - t * x / count; }
  double about_line() const {
    const double spread = tt - t * t / count;
    if (spread <= 0) return about_mean();
    return about_mean() - covariance() * covariance() / spread;
  }
};

}  // namespace

double theil_sen_slope(std::span<const Sample> samples) {
  std::array<double, most_pairs> slopes{};
  std::size_t count = 0;
  for (std::size_t later = 1; later < samples.size(); ++later) {
    for (const auto& earlier : samples.first(later)) {
      const double span = samples[later].hours - earlier.hours;
      if (span > 0) slopes.at(count++) = (samples[later].value - earlier.value) / span;
    }
  }
  return median_in_place(std::span{slopes}.first(count));
}

double line_at(std::span<const Sample> samples, double slope, double hours) {
  std::array<double, history_depth> values{};
  std::ranges::transform(samples, values.begin(),
                         [slope, hours](const Sample& each) { return each.value + slope * (hours - each.hours); });
  return median_in_place(std::span{values}.first(samples.size()));
}

Kendall kendall(std::span<const Sample> samples) {
  const auto count = static_cast<double>(samples.size());
  if (samples.size() < 3) return {};
  double score = 0;
  for (std::size_t later = 1; later < samples.size(); ++later) {
    for (const auto& earlier : samples.first(later)) {
      score += static_cast<double>(samples[later].value > earlier.value) -
               static_cast<double>(samples[later].value < earlier.value);
    }
  }
  const double deviation = std::sqrt(count * (count - 1) * (2 * count + 5) / 18);
  const double continuity = score > 0 ? 1 : (score < 0 ? -1 : 0);
  return {(score - continuity) / deviation, 2 * score / (count * (count - 1))};
}

std::size_t find_onset(std::span<const Sample> samples, std::size_t least_after) {
  if (samples.size() <= least_after) return 0;
  Sums all;
  for (const auto& each : samples) all.add(each.hours - samples.front().hours, each.value);
  double best = std::numeric_limits<double>::infinity();
  std::size_t onset = 0;
  Sums before;
  Sums after = all;
  for (std::size_t split = 0; split + least_after <= samples.size(); ++split) {
    const double squares = before.about_mean() + after.about_line();
    if (squares < best && after.covariance() > 0) {
      best = squares;
      onset = split;
    }
    const double hours = samples[split].hours - samples.front().hours;
    const double value = samples[split].value;
    before.add(hours, value);
    after = {after.count - 1,          after.t - hours,          after.x - value,
             after.tt - hours * hours, after.tx - hours * value, after.xx - value * value};
  }
  return onset;
}

Samples without_spikes(std::span<const Sample> samples) {
  Samples result;
  for (std::size_t at = 0; at < samples.size(); ++at) {
    const double before = samples[at > 0 ? at - 1 : at].value;
    const double after = samples[at + 1 < samples.size() ? at + 1 : at].value;
    const double here = samples[at].value;
    const double middle = std::max(std::min(before, after), std::min(std::max(before, after), here));
    result.add({samples[at].hours, middle});
  }
  return result;
}

}  // namespace fettle::prognosis
