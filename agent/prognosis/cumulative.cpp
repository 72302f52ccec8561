#include "core/registry.hpp"
#include "prognosis/announcement.hpp"
#include "prognosis/forecaster.hpp"
#include "prognosis/history.hpp"
#include "prognosis/trend.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace fettle::prognosis {
namespace {

constexpr double deviations = 1.2816;  ///< of a normal distribution, to either end of the interval
constexpr double least_index = 0.2;
constexpr double least_z = 2.5;  ///< Mann-Kendall
constexpr std::size_t least_samples = 8;
constexpr double week = 7 * 24;
constexpr double weeks_looked_at = 8;
constexpr double replaced = 0.1;  ///< of the index; a fall by more than that is a new part
/// Of a rate in weeks to come that the past weeks do not show, as standard deviation of its logarithm: duty changes with the season.
constexpr double unforeseen = 0.1;

/// The rate of growth per hour, and how sure it is.
struct Pace {
  double rate = 0;
  double weekly = 0;  ///< relative standard deviation of a single week
  double weeks = 0;   ///< looked at; a part of one in the first days
};

double value_at(std::span<const Sample> samples, double hours) {
  const auto after = std::ranges::find_if(samples, [hours](const Sample& each) { return each.hours >= hours; });
  if (after == samples.begin()) return samples.front().value;
  if (after == samples.end()) return samples.back().value;
  const auto& before = *std::prev(after);
  return before.value + (after->value - before.value) * (hours - before.hours) / (after->hours - before.hours);
}

/// Whole weeks, because a week has days of rest; before there is one, all there is.
Pace pace_of(std::span<const Sample> samples) {
  const auto newest = samples.back();
  const double span = newest.hours - samples.front().hours;
  const double weeks = std::min(std::floor(span / week), weeks_looked_at);
  if (weeks < 1) return {(newest.value - samples.front().value) / span, 0.5, span / week};
  const double total = newest.value - value_at(samples, newest.hours - weeks * week);
  Pace pace{total / (weeks * week), 0.5, weeks};
  if (weeks < 2 || total <= 0) return pace;
  double squares = 0;
  for (double back = 1; back <= weeks; ++back) {
    const double end = newest.hours - (back - 1) * week;
    const double grown = value_at(samples, end) - value_at(samples, end - week);
    squares += std::pow(grown * weeks / total - 1, 2);
  }
  // Few weeks know little of how weeks differ; the assumption counts for one of them.
  pace.weekly = std::sqrt((squares + 0.25) / weeks);
  return pace;
}

/// For damage that only adds up and means failure at 1 by its own definition: thermal life used, switching operations of rated ones, dust
/// held of a filter's capacity. Nothing is learned about what is healthy, so it speaks from the first days; the pace of the last weeks
/// goes on.
class Cumulative final : public Forecaster {
 public:
  explicit Cumulative(ForecasterSettings settings) : settings_{std::move(settings)} {}

  std::optional<Prognosis> follow(const ModeHealth& health) override {
    if (begun_ && health.time < last_ - clock_step) start_anew();
    if (!std::isfinite(health.index) || (begun_ && health.time <= last_)) return std::nullopt;
    remember(health);
    const auto samples = course();
    const bool grows = samples.count >= least_samples && kendall(samples.view()).z >= least_z &&
                       health.index >= least_index && samples.view().back().value > samples.view().front().value;
    streak_ = grows ? std::min(streak_ + 1, persistence) : 0;
    if (streak_ < persistence) return std::nullopt;
    return estimate(health, pace_of(samples.view()));
  }

  void start_anew() override {
    history_.clear();
    start_ = last_ = {};
    peak_ = 0;
    streak_ = 0;
    begun_ = false;
  }

  std::string state_id() const override { return settings_.id + "/cumulative"; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return hash_of(to_text(settings_.every), settings_.meaning); }

  void save(StateWriter& writer) const override {
    history_.save(writer);
    writer.put(start_);
    writer.put(last_);
    writer.put(peak_);
    writer.put(streak_);
    writer.put(begun_);
  }

  bool restore(StateReader& reader) override {
    history_.restore(reader);
    reader.get(start_);
    reader.get(last_);
    reader.get(peak_);
    reader.get(streak_);
    reader.get(begun_);
    if (reader.complete()) return true;
    start_anew();
    return false;
  }

 private:
  void remember(const ModeHealth& health) {
    if (begun_ && health.index < peak_ - replaced) start_anew();
    if (!begun_) start_ = health.time;
    begun_ = true;
    last_ = health.time;
    peak_ = std::max(peak_, health.index);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(last_ - start_).count();
    history_.add(static_cast<std::int32_t>(seconds), health.index);
  }

  /// The last weeks on the finest scale that reaches so far back, up to the newest update.
  Samples course() const {
    auto samples = history_.samples(0);
    for (std::size_t scale = 1; scale < History::scales; ++scale) {
      const auto view = samples.view();
      if (view.empty() || view.back().hours - view.front().hours >= weeks_looked_at * week) break;
      const auto coarser = history_.samples(scale);
      if (coarser.count < least_samples) break;
      samples = coarser;
    }
    const auto newest = history_.newest(1);
    if (samples.count == history_depth) samples = without_oldest(samples);
    if (newest.count > 0 && samples.count > 0 && newest.view()[0].hours > samples.view().back().hours)
      samples.add(newest.view()[0]);
    return samples;
  }

  static Samples without_oldest(const Samples& samples) {
    Samples result;
    for (const auto& each : samples.view().subspan(1)) result.add(each);
    return result;
  }

  std::optional<Prognosis> estimate(const ModeHealth& health, const Pace& pace) const {
    Prognosis prognosis = prognosis_of(health);
    prognosis.confidence = 0.95;
    if (pace.rate <= 0 && health.index < 1) return std::nullopt;
    const double hours = health.index < 1 ? (1 - health.index) / pace.rate : 0;
    if (hours > useful * to_hours(settings_.horizon)) return std::nullopt;
    // The mean of the weeks looked at, and that of the weeks to come, both stray.
    const double to_come = std::max(hours / week, 0.1);
    const double spread =
        std::sqrt(pace.weekly * pace.weekly * (1 / pace.weeks + 1 / to_come) + unforeseen * unforeseen);
    const auto in = [&health](double ahead) { return health.time + Duration{std::llround(ahead * 3.6e6)}; };
    prognosis.low = in(hours * std::exp(-deviations * spread));
    prognosis.mid = in(hours);
    const double high = hours * std::exp(deviations * spread);
    if (high <= useful * to_hours(settings_.horizon)) prognosis.high = in(high);
    if (health.index >= 1) prognosis.high = health.time + settings_.every;
    return prognosis;
  }

  ForecasterSettings settings_;
  History history_;
  Time start_{}, last_{};
  double peak_ = 0;
  std::uint32_t streak_ = 0;
  bool begun_ = false;
};

const Registration<Forecaster> entry{
    "cumulative",
    "damage that only adds up to 1: the pace of the last weeks goes on; from the first day, without learning",
    [](const ForecasterSettings& settings) { return std::make_unique<Cumulative>(settings); }};

}  // namespace
}  // namespace fettle::prognosis
