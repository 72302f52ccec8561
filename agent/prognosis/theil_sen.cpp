#include "core/median.hpp"
#include "core/registry.hpp"
#include "prognosis/forecaster.hpp"
#include "prognosis/history.hpp"
#include "prognosis/trend.hpp"
#include "prognosis/unrest.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <utility>

namespace fettle::prognosis {
namespace {

constexpr std::size_t least_samples = 8;
constexpr std::uint32_t persistence = 3;
constexpr double largest_share = 0.6;  ///< of a rise, in one step: more than that is a change of state and not wear
constexpr double interval_level = 0.8;
constexpr double ample_rise = 0.6;  ///< of the index; that much is a rise however restless the machine was before

/// What a rise has to show to be called a trend; a little less to remain one.
struct Gate {
  double index;    ///< of the smoothed present
  double z;        ///< Mann-Kendall since the onset
  double unrests;  ///< the rise, in standard deviations of the index while it was healthy
};
constexpr Gate to_open{0.2, 2.5, 6};
constexpr Gate to_stay{0.15, 2, 4};

/// Quantiles 0.1 and 0.9 of log(true remaining time / estimate) while the index is below `index`.
struct ErrorQuantiles {
  double index, low, high;
};
/// Printed by `forecast_calibration` (tests/bench) from 500 simulated lives of each of six laws of degradation, under noise, ripple
/// and gaps; on lives that it was not made from it held 80 % (63 % for wear in few big steps, 93 % for straight wear).
constexpr std::array<ErrorQuantiles, 5> factory{{
    {0.35, -0.83, 0.94},
    {0.50, -0.64, 0.84},
    {0.65, -0.54, 0.80},
    {0.80, -0.58, 0.84},
    {std::numeric_limits<double>::infinity(), -0.66, 1.53},
}};

const ErrorQuantiles& errors_at(double index) {
  return *std::ranges::find_if(factory, [index](const auto& each) { return index < each.index; });
}

/// A rise that passed the gate.
struct Trend {
  Samples since_onset;
  double slope = 0;   ///< of the index, per hour
  double growth = 0;  ///< of its logarithm, per hour
  Kendall kendall;
};

constexpr double log_floor = 0.02;

double exponential_at(const Trend& trend, double hours) {
  const auto logs = logarithms(trend.since_onset.view(), log_floor);
  return std::exp(line_at(logs.view(), trend.growth, hours));
}

/// True if the line or the exponential still says what the newest updates say. A scale that is too coarse has not seen yet how
/// fast things go now.
bool explains(const Trend& trend, double hours, double level, double tolerance) {
  const double line = line_at(trend.since_onset.view(), trend.slope, hours);
  return std::min(std::abs(level - line), std::abs(level - exponential_at(trend, hours))) <= tolerance;
}

/// The most that the index rose from one sample to the next but one: a block's median may lie half way up a step.
double largest_step(std::span<const Sample> samples) {
  double result = 0;
  for (std::size_t at = 2; at < samples.size(); ++at) {
    result = std::max(result, samples[at].value - samples[at - 2].value);
  }
  return result;
}

/// The odds of straight against exponential, from how well they fit; a few wild samples may not decide it.
double weight_of_line(const Trend& trend) {
  const auto samples = trend.since_onset.view();
  std::array<double, history_depth> straight{};
  std::array<double, history_depth> curved{};
  for (std::size_t at = 0; at < samples.size(); ++at) {
    straight.at(at) = std::abs(samples[at].value - line_at(samples, trend.slope, samples[at].hours));
    curved.at(at) = std::abs(samples[at].value - exponential_at(trend, samples[at].hours));
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

double remaining_hours(const Trend& trend, double level) {
  const double straight = std::log((1 - level) / trend.slope);
  if (trend.growth <= 0) return std::exp(straight);
  const double curved = std::log(-std::log(level) / trend.growth);
  const double weight = weight_of_line(trend);
  return std::exp(weight * straight + (1 - weight) * curved);
}

/// The probability that the rise is real: the upper bound of Sellke, Bayarri and Berger (2001) on what a p-value says, -e p ln p
/// against even odds, lowered when ranks and time agree loosely. Never surer than the diagnosis itself can be.
double confidence_of(const Kendall& kendall) {
  const double p = std::clamp(std::erfc(kendall.z / std::numbers::sqrt2) / 2, 1e-12, 0.3);
  const double chance = -std::numbers::e * p * std::log(p);
  return std::clamp((0.5 + kendall.tau / 2) / (1 + chance), 0.5, 0.95);
}

Duration hours_to_duration(double hours) {
  constexpr double longest = 24 * 365 * 100;
  return Duration{std::llround(std::min(hours, longest) * 3.6e6)};
}

/// Robust straight and exponential trends since the index last left its level, mixed by how well they fit.
class TheilSen final : public Forecaster {
 public:
  explicit TheilSen(ForecasterSettings settings) : settings_{std::move(settings)} {}

  std::optional<Prognosis> follow(const ModeHealth& health) override {
    if (begun_ && health.time < last_ - clock_step) forget();
    if (!std::isfinite(health.index) || (begun_ && health.time <= last_)) return std::nullopt;
    remember(health);
    const double level = median_of_newest(5);
    restart_after_repair(level);
    if (level >= 1 && health.index >= 1 && is_open()) return at_limit(health);
    if (!unrest_.is_known()) return std::nullopt;
    const auto trend = find_trend(level, is_open() ? to_stay : to_open);
    streak_ = trend ? std::min(streak_ + 1, persistence) : 0;
    if (!is_open()) return std::nullopt;
    return estimate(health, *trend);
  }

  void start_anew() override { forget(); }

  std::string state_id() const override { return settings_.id + "/theil_sen"; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return hash_of(to_text(settings_.every), settings_.meaning); }

  void save(StateWriter& writer) const override {
    history_.save(writer);
    writer.put(unrest_);
    writer.put(start_);
    writer.put(last_);
    writer.put(peak_);
    writer.put(streak_);
    writer.put(begun_);
  }

  bool restore(StateReader& reader) override {
    history_.restore(reader);
    reader.get(unrest_);
    reader.get(start_);
    reader.get(last_);
    reader.get(peak_);
    reader.get(streak_);
    reader.get(begun_);
    if (reader.complete()) return true;
    forget();
    return false;
  }

 private:
  bool is_open() const { return streak_ >= persistence; }
  double hours_now() const { return to_hours(std::chrono::floor<std::chrono::seconds>(last_ - start_)); }

  void remember(const ModeHealth& health) {
    if (!begun_) start_ = health.time;
    const double gap = begun_ ? to_hours(health.time - last_) : to_hours(settings_.every);
    begun_ = true;
    last_ = health.time;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(last_ - start_).count();
    history_.add(static_cast<std::int32_t>(seconds), health.index);
    if (!is_open()) unrest_.observe(gap, median_of_newest(5));
  }

  double median_of_newest(std::size_t count) const {
    const auto newest = history_.newest(count);
    return line_at(newest.view(), 0, 0);
  }

  /// Somebody mended it: what was before says nothing about the new part.
  void restart_after_repair(double level) {
    peak_ = std::max(peak_, level);
    if (peak_ < to_open.index || level > peak_ / 2 || peak_ - level < to_open.unrests * unrest_.scale()) return;
    history_.clear();
    peak_ = 0;
    streak_ = 0;
  }

  /// The coarsest scale on which the rise has enough samples is the one that noise and ripple disturb least.
  std::optional<Trend> find_trend(double level, const Gate& gate) const {
    if (level < gate.index) return std::nullopt;
    const double tolerance = std::max(0.05, unrest_.scale());
    std::optional<Trend> finest;
    for (std::size_t scale = History::scales; scale-- > 0;) {
      const auto trend = trend_on(scale, level, gate);
      if (!trend) continue;
      finest = trend;
      if (explains(*trend, hours_now(), level, tolerance)) break;
    }
    return finest;
  }

  std::optional<Trend> trend_on(std::size_t scale, double level, const Gate& gate) const {
    auto samples = history_.samples(scale);
    if (samples.count < least_samples) return std::nullopt;
    if (scale == 0) samples = without_spikes(samples.view());
    const auto onset = find_onset(samples.view(), least_samples);
    Trend trend;
    for (const auto& each : samples.view().subspan(onset)) trend.since_onset.add(each);
    const auto since = trend.since_onset.view();
    trend.kendall = kendall(since);
    trend.slope = theil_sen_slope(since);
    if (trend.kendall.z < gate.z || trend.slope <= 0) return std::nullopt;
    const double base =
        onset > 0 ? line_at(samples.view().first(onset), 0, 0) : line_at(since, trend.slope, since.front().hours);
    if (level - base < std::min(gate.unrests * unrest_.scale(), ample_rise)) return std::nullopt;
    if (largest_step(since) > largest_share * (level - base)) return std::nullopt;
    trend.growth = theil_sen_slope(logarithms(since, log_floor).view());
    return trend;
  }

  std::optional<Prognosis> estimate(const ModeHealth& health, const Trend& trend) const {
    const double level = std::clamp(line_at(history_.newest(9).view(), trend.slope, hours_now()), 0.05, 0.99);
    const double hours = remaining_hours(trend, level);
    const auto& errors = errors_at(median_of_newest(5));
    const auto mid = hours_to_duration(hours);
    if (mid > useful * settings_.horizon) return std::nullopt;
    const auto high = hours_to_duration(hours * std::exp(errors.high));
    Prognosis prognosis = prognosis_of(health);
    prognosis.low = health.time + hours_to_duration(hours * std::exp(errors.low));
    prognosis.mid = health.time + mid;
    if (high <= useful * settings_.horizon) prognosis.high = health.time + high;
    prognosis.confidence = confidence_of(trend.kendall);
    return prognosis;
  }

  Prognosis at_limit(const ModeHealth& health) const {
    Prognosis prognosis = prognosis_of(health);
    prognosis.low = prognosis.mid = health.time;
    prognosis.high = health.time + settings_.every;
    prognosis.confidence = 0.95;
    return prognosis;
  }

  static Prognosis prognosis_of(const ModeHealth& health) {
    Prognosis prognosis;
    prognosis.asset = health.asset;
    prognosis.mode = health.mode;
    prognosis.made = health.time;
    prognosis.level = interval_level;
    return prognosis;
  }

  void forget() {
    history_.clear();
    unrest_ = {};
    start_ = last_ = {};
    peak_ = 0;
    streak_ = 0;
    begun_ = false;
  }

  /// The clock was set back by more than this: what was learned lies in the future, and would block everything until it is reached.
  static constexpr Duration clock_step = std::chrono::hours{24};
  static constexpr int useful = 4;  ///< horizons ahead; what lies further away is a guess

  ForecasterSettings settings_;
  History history_;
  Unrest unrest_;
  Time start_{}, last_{};
  double peak_ = 0;
  std::uint32_t streak_ = 0;
  bool begun_ = false;
};

const Registration<Forecaster> entry{
    "theil_sen", "robust straight and exponential trend to the limit, with an interval calibrated on simulated lives",
    [](const ForecasterSettings& settings) { return std::make_unique<TheilSen>(settings); }};

}  // namespace
}  // namespace fettle::prognosis
