#include "core/registry.hpp"
#include "prognosis/announcement.hpp"
#include "prognosis/ending.hpp"
#include "prognosis/factory_errors.hpp"
#include "prognosis/forecaster.hpp"
#include "prognosis/milestones.hpp"
#include "prognosis/rise.hpp"
#include "prognosis/wander.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

namespace fettle::prognosis {
namespace {

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

/// A rise is told by a robust straight trend since the index last left its level; where it leads, by the mean of all courses that fit.
class TheilSen final : public Forecaster {
 public:
  explicit TheilSen(ForecasterSettings settings) : settings_{std::move(settings)} {}

  std::optional<Prognosis> follow(const ModeHealth& health) override {
    if (begun_ && health.time < last_ - clock_step) forget();
    if (!std::isfinite(health.index) || (begun_ && health.time <= last_)) return std::nullopt;
    remember(health);
    const double level = median_of_newest(5);
    restart_after_repair(level);
    if (!unrest_.is_known()) return std::nullopt;
    const auto rise = find_rise(history_, unrest_, {hours_now(), level}, is_open() ? to_stay : to_open);
    if (!rise && level >= 1 && health.index >= 1 && is_open()) return at_limit(health);
    streak_ = rise ? std::min(streak_ + 1, persistence) : 0;
    if (!is_open()) return std::nullopt;
    look_at_milestone(*rise, level);
    return estimate(health, *rise);
  }

  void start_anew() override { forget(); }

  std::string state_id() const override { return settings_.id + "/theil_sen"; }
  std::uint32_t state_version() const override { return 2; }
  std::uint64_t settings_hash() const override { return hash_of(to_text(settings_.every), settings_.meaning); }

  void save(StateWriter& writer) const override {
    history_.save(writer);
    writer.put(unrest_);
    writer.put(milestones_);
    writer.put(start_);
    writer.put(last_);
    writer.put(peak_);
    writer.put(streak_);
    writer.put(begun_);
  }

  bool restore(StateReader& reader) override {
    history_.restore(reader);
    reader.get(unrest_);
    reader.get(milestones_);
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
    milestones_ = {};
    peak_ = 0;
    streak_ = 0;
  }

  /// How well the course could be foreseen so far.
  void look_at_milestone(const Rise& rise, double level) {
    if (milestones_.is_reached(level)) milestones_.reach(hours_now(), to_hours(settings_.every));
    if (milestones_.is_waiting() || level <= 0) return;
    milestones_.expect(hours_now(), level, rise.courses.hours_between(level, level + Milestones::step));
  }

  std::optional<Prognosis> estimate(const ModeHealth& health, const Rise& rise) const {
    const double level = std::max(line_at(history_.newest(9).view(), rise.slope, hours_now()), 0.05);
    const auto ending = ending_beyond(level);
    const double hours = rise.courses.hours_between(level, ending.mid);
    const auto mid = hours_to_duration(hours);
    if (mid > useful * settings_.horizon) return std::nullopt;
    const auto& errors = errors_at(median_of_newest(5));
    const double soonest = rise.courses.hours_between(level, ending.low);
    const double latest = rise.courses.hours_between(level, ending.high);
    const double spread = milestones_.spread();
    const double low = hours * std::exp(-std::hypot(spread * errors.low, std::log(soonest / hours)));
    const double high = hours * std::exp(std::hypot(spread * errors.high, std::log(latest / hours)));
    const auto passage = first_passage(ending.mid - level, hours, wander_of(rise));
    const auto last = hours_to_duration(std::max(high, passage.high));
    Prognosis prognosis = prognosis_of(health);
    prognosis.low = health.time + hours_to_duration(std::min(low, passage.low));
    prognosis.mid = health.time + mid;
    if (last <= useful * settings_.horizon) prognosis.high = health.time + last;
    prognosis.confidence = confidence_of(rise.kendall);
    return prognosis;
  }

  /// It stands there and may fail at any time.
  Prognosis at_limit(const ModeHealth& health) const {
    Prognosis prognosis = prognosis_of(health);
    prognosis.low = prognosis.mid = health.time;
    prognosis.high = health.time + settings_.every;
    prognosis.confidence = 0.95;
    return prognosis;
  }

  void forget() {
    history_.clear();
    unrest_ = {};
    milestones_ = {};
    start_ = last_ = {};
    peak_ = 0;
    streak_ = 0;
    begun_ = false;
  }

  ForecasterSettings settings_;
  History history_;
  Unrest unrest_;
  Milestones milestones_;
  Time start_{}, last_{};
  double peak_ = 0;
  std::uint32_t streak_ = 0;
  bool begun_ = false;
};

const Registration<Forecaster> entry{
    "theil_sen",
    "robust trend, carried on by powers and exponentials to the limit, with an interval calibrated on simulated lives",
    [](const ForecasterSettings& settings) { return std::make_unique<TheilSen>(settings); }};

}  // namespace
}  // namespace fettle::prognosis
