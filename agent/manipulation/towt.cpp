#include "manipulation/towt.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fettle::manipulation {
namespace {

/// Where one piece of the temperature ends and the next begins: CalTRACK's 30, 45, 55, 65, 75 and 90 degF.
constexpr std::array<double, 6> bounds{-1.1, 7.2, 12.8, 18.3, 23.9, 32.2};
constexpr double cold = 10, warm = 18.3;  ///< below heating, above cooling: 50 and 65 degF

constexpr double coldest = -30, bin_width = 2;
constexpr int seen_enough = 12;      ///< intervals at about a temperature
constexpr double first_weeks = 336;  ///< intervals before the first prediction
constexpr float seen_once = 1.5F;    ///< an hour seen less often than this speaks through the same hour of other days
constexpr double slowest_busy = 0.1;

/// The bin of a temperature; nothing beyond any weather.
std::optional<std::size_t> bin_of(double temperature, std::size_t bins) {
  const double place = std::floor((temperature - coldest) / bin_width);
  if (!(place >= 0 && place < static_cast<double>(bins))) return std::nullopt;
  return static_cast<std::size_t>(place);
}

std::array<double, 3> weather_of(double temperature) {
  return {1, std::max(0.0, cold - temperature), std::max(0.0, temperature - warm)};
}

}  // namespace

std::size_t Towt::hour_of(const Context& context) {
  constexpr std::int64_t hour = 3600;
  const auto hours = context.wall_second / hour % static_cast<std::int64_t>(week);
  return static_cast<std::size_t>(hours < 0 ? hours + static_cast<std::int64_t>(week) : hours);
}

Towt::Warmth Towt::warmth_of(const Context& context) {
  Warmth warmth{};
  if (context.conditions.empty()) return warmth;
  const double temperature = context.conditions.front();
  warmth.front() = std::min(temperature, bounds.front());
  for (std::size_t i = 1; i < bounds.size(); ++i)
    warmth.at(i) = std::clamp(temperature - bounds.at(i - 1), 0.0, bounds.at(i) - bounds.at(i - 1));
  warmth.back() = std::max(0.0, temperature - bounds.back());
  return warmth;
}

/// The means of an hour; while it was seen but once or never, those of the same hour of all days.
std::optional<Towt::Hour> Towt::typical(std::size_t hour) const {
  constexpr std::size_t day = 24;
  if (hours_.at(hour).weight >= seen_once) return hours_.at(hour);
  Hour mean;
  for (std::size_t each = hour % day; each < week; each += day) {
    const auto& other = hours_.at(each);
    if (other.weight <= 0) continue;
    mean.weight += other.weight;
    const float share = other.weight / mean.weight;
    mean.level += share * (other.level - mean.level);
    for (std::size_t i = 0; i < pieces; ++i) mean.warmth.at(i) += share * (other.warmth.at(i) - mean.warmth.at(i));
  }
  return mean.weight > 0 ? std::optional{mean} : std::nullopt;
}

void Towt::Regime::note_weather(double temperature) {
  const auto bin = bin_of(temperature, bins);
  if (bin) seen.at(*bin) = static_cast<std::uint16_t>(std::min(seen.at(*bin) + 1, seen_enough));
}

bool Towt::knows_weather(const Regime& regime, const Context& context) const {
  if (context.conditions.empty()) return true;
  const auto bin = bin_of(context.conditions.front(), bins);
  return bin && regime.seen.at(*bin) >= seen_enough;
}

std::optional<double> Towt::expect(const Context& context) const {
  if (intervals_ < first_weeks) return std::nullopt;
  const auto hour = hour_of(context);
  const auto mean = typical(hour);
  const auto& regime = regimes_.at(is_occupied(hour) ? 1 : 0);
  if (!mean || !knows_weather(regime, context)) return std::nullopt;
  auto warmth = warmth_of(context);
  for (std::size_t i = 0; i < pieces; ++i) warmth.at(i) -= static_cast<double>(mean->warmth.at(i));
  return static_cast<double>(mean->level) + regime.slopes.predict(warmth);
}

void Towt::learn(const Context& context, double value, double pace) {
  const bool with_weather = !context.conditions.empty();
  if (with_weather && !bin_of(context.conditions.front(), bins)) return;
  const double keep = std::pow(keep_, pace);
  for (auto& each : hours_) each.weight *= static_cast<float>(keep);
  for (auto& each : regimes_) each.slopes.fade(keep);
  auto& hour = hours_.at(hour_of(context));
  note_occupancy(hour, context, value, pace);
  auto& regime = regimes_.at(is_occupied(hour_of(context)) ? 1 : 0);
  const auto before = static_cast<double>(hour.weight);
  const double share = pace / (before + pace);
  auto away = warmth_of(context);
  for (std::size_t i = 0; i < pieces; ++i) {
    away.at(i) -= static_cast<double>(hour.warmth.at(i));
    hour.warmth.at(i) += static_cast<float>(share * away.at(i));
  }
  const double above = value - static_cast<double>(hour.level);
  hour.level += static_cast<float>(share * above);
  hour.weight += static_cast<float>(pace);
  if (before > 0 && with_weather) regime.slopes.learn(away, above, share * before);
  if (with_weather) regime.note_weather(context.conditions.front());
  intervals_ += 1;
}

void Towt::note_occupancy(Hour& hour, const Context& context, double value, double pace) {
  if (context.conditions.empty()) return;
  const auto weather = weather_of(context.conditions.front());
  const double gain = pace * std::max(1 / (1 + static_cast<double>(hour.weight)), slowest_busy);
  const double more = value > plain_.predict(weather) ? 1 : 0;
  hour.busy += static_cast<float>(gain * (more - static_cast<double>(hour.busy)));
  plain_.fade(std::pow(keep_, pace));
  plain_.learn(weather, value, pace);
}

void Towt::save(StateWriter& writer) const {
  writer.put(intervals_);
  writer.put(hours_);
  for (const auto& each : regimes_) {
    each.slopes.save(writer);
    writer.put(each.seen);
  }
  plain_.save(writer);
}

bool Towt::restore(StateReader& reader) {
  Towt other{keep_};
  reader.get(other.intervals_);
  reader.get(other.hours_);
  for (auto& each : other.regimes_) {
    if (!each.slopes.restore(reader)) return false;
    reader.get(each.seen);
  }
  if (!other.plain_.restore(reader) || !reader.complete()) return false;
  const bool sound = std::all_of(other.hours_.begin(), other.hours_.end(), [](const Hour& each) {
    return std::isfinite(std::accumulate(each.warmth.begin(), each.warmth.end(), each.level)) && each.weight >= 0 &&
           each.busy >= 0 && each.busy <= 1;
  });
  if (!sound || !(other.intervals_ >= 0)) return false;
  intervals_ = other.intervals_;
  hours_ = other.hours_;
  regimes_ = other.regimes_;
  plain_ = other.plain_;
  return true;
}

namespace {

constexpr BaselineUse use{"towt_residual", 1, std::chrono::hours{1}, 0.5, 14, 0.30};

std::unique_ptr<Feature> make_towt(FeatureSettings&& settings) {
  need_arguments(settings, 1, 2,
                 "a power, and the outdoor temperature where it is known (`of: [power, outdoor_temperature]`)");
  auto baseline = std::make_unique<Towt>(keep_of(settings, 30, 7));
  return std::make_unique<BaselineResidual>(std::move(settings), use, std::move(baseline));
}

const Registration<Feature> entry{"towt_residual", "what is drawn beyond what hour of the week and weather explain",
                                  make_towt};

}  // namespace
}  // namespace fettle::manipulation
