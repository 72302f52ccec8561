#include "detection/asset_watch.hpp"

#include "detection/names.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace fettle::detection {
namespace {

using namespace std::chrono_literals;

constexpr auto step = AssetWatch::step;
constexpr std::size_t steps_to_learn = std::chrono::weeks{1} / step;
constexpr double steps_a_month = 30.44 * (Days{1} / step);
constexpr Duration long_silence = 6h, wary = 1h;
constexpr double readings_a_week = 2016;  // of five minutes each
constexpr double farthest = 8;            // mean deviations
constexpr double suspicion = 1.5;         // log10 of wealth: more than one bet alone can win, or as much
constexpr double beyond_limit = 1.5;      // of wealth: what ends is no alarm any more some days later
constexpr std::uint32_t steps_known = 8 * steps_to_learn;
constexpr double worth_words = 3;  // 1 in 1,000

}  // namespace

ChannelWatch::ChannelWatch(std::string id, std::string name, std::uint64_t meaning)
    : id_{std::move(id)}, name_{std::move(name)}, meaning_{meaning} {}

double ChannelWatch::judge(const Reading& reading, const Zone& zone) {
  auto& [before, deviation, level, spread, last, wary_until] = state_;
  const bool first = last == Time{};
  if (!first && reading.time - last > long_silence) wary_until = reading.time + wary;
  last = reading.time;
  if (zone.is_near_switch(reading.time)) return 0;
  if (first) {
    level = reading.value;
    before = {reading.value, reading.value};
  }
  const double value = calm(reading.value);
  const double away = value - level;
  deviation = spread > 0 ? std::clamp(away, -farthest * spread, farthest * spread) : away;
  level += deviation / readings_a_week;
  spread += (std::abs(deviation) - spread) / (spread > 0 ? readings_a_week : 1);
  panel_.judge(zone.wall_second(reading.time), value);
  return reading.time < wary_until ? 0 : panel_.strangeness();
}

/// The median of the latest three: what one reading alone says is not believed, and not learned.
double ChannelWatch::calm(double value) {
  const auto [older, old] = state_.before;
  state_.before = {old, value};
  return std::max(std::min(older, old), std::min(std::max(older, old), value));
}

double ChannelWatch::deviation() const {
  return state_.last == Time{} ? std::numeric_limits<double>::quiet_NaN() : state_.deviation;
}

std::string ChannelWatch::explain() const { return fmt::format("{}: {}", name_, panel_.explain()); }

void ChannelWatch::start_anew() {
  panel_ = Panel{};
  state_ = {};
}

void ChannelWatch::save(StateWriter& writer) const {
  writer.put(state_);
  panel_.save(writer);
}

bool ChannelWatch::restore(StateReader& reader) {
  State state;
  reader.get(state);
  const bool finite = std::isfinite(state.before[0] + state.before[1]) && std::isfinite(state.deviation) &&
                      std::isfinite(state.level) && std::isfinite(state.spread);
  if (!finite || !panel_.restore(reader) || !reader.complete()) {
    panel_ = Panel{};
    return false;
  }
  state_ = state;
  return true;
}

AssetWatch::AssetWatch(AssetWatchSettings settings)
    : settings_{std::move(settings)},
      row_(settings_.channels.size()),
      chart_{settings_.channels.size(), steps_to_learn},
      distances_{steps_known},
      steps_{steps_known},
      limit_{Martingale::limit(steps_a_month, settings_.alarms_per_month)},
      martingale_{limit_ + beyond_limit} {
  for (const auto& name : settings_.channels)
    channels_.push_back(std::make_unique<ChannelWatch>(settings_.id + "/" + name, for_people(name), settings_.meaning));
}

std::optional<Finding> AssetWatch::observe(std::size_t channel, const Reading& reading) {
  if (!reading.is_good()) return std::nullopt;
  std::optional<Finding> finding;
  const auto now = reading.time.time_since_epoch() / step;
  if (step_ >= 0 && now > step_) finding = close_step(reading);
  // A clock that was set back begins its steps again.
  step_ = now;
  auto& watch = *channels_.at(channel);
  const double strangeness = watch.judge(reading, *settings_.zone);
  if (is_suspicious() && strangeness > strangest_ && strangeness >= worth_words) words_ = watch.explain();
  strangest_ = std::max(strangest_, strangeness);
  return finding;
}

/// How strange it is that the readings are as they are at the same time.
double AssetWatch::together() {
  if (channels_.size() < 2) return 0;
  std::transform(channels_.begin(), channels_.end(), row_.begin(), [](const auto& each) { return each->deviation(); });
  const double distance = chart_.judge(row_);
  if (chart_.is_learning()) return 0;
  return learns() ? distances_.rank(distance) : distances_.evidence_of(distance);
}

bool AssetWatch::is_suspicious() const { return martingale_.wealth() >= suspicion; }

/// What is under suspicion is not what is usual, and not learned; unless it stays.
bool AssetWatch::learns() const { return suspected_ == 0 || suspected_ > steps_to_learn; }

std::optional<Finding> AssetWatch::close_step(const Reading& latest) {
  suspected_ = is_suspicious() ? suspected_ + 1 : 0;
  const double together_strange = together();
  if (is_suspicious() && strangest_ < worth_words && together_strange >= worth_words)
    words_ = "its readings do not go together as they did";
  strangest_ = std::max(strangest_, together_strange);
  // As one in so many, not as a logarithm: the calibrator's bins are narrow then.
  const double rarity = std::pow(10, strangest_);
  const double share = steps_.share_as_strange(rarity);
  if (learns()) {
    steps_.learn(rarity);
    decorrelation_.learn(strangest_);
  }
  const bool picked = decorrelation_.pick();
  strangest_ = 0;
  if (learned() < 1) return std::nullopt;
  if (picked) martingale_.bet(share);
  Finding finding{latest.point, Time{step * (step_ + 1)}, "panel", martingale_.wealth(), martingale_.wealth(), 0};
  if (martingale_.wealth() >= limit_) finding.words = words_;
  return finding;
}

double AssetWatch::learned() const { return std::min(1.0, steps_.seen() / static_cast<double>(steps_to_learn)); }

void AssetWatch::start_anew() {
  for (auto& channel : channels_) channel->start_anew();
  forget();
}

/// All but what the channels know.
void AssetWatch::forget() {
  chart_.start_anew();
  distances_ = Calibrator{steps_known};
  steps_ = Calibrator{steps_known};
  suspected_ = 0;
  decorrelation_ = {};
  martingale_.start_anew();
  step_ = -1;
  strangest_ = 0;
}

std::vector<Stateful*> AssetWatch::parts() {
  std::vector<Stateful*> all{this};
  for (auto& channel : channels_) all.push_back(channel.get());
  return all;
}

void AssetWatch::save(StateWriter& writer) const {
  writer.put(step_);
  writer.put(strangest_);
  writer.put(suspected_);
  chart_.save(writer);
  distances_.save(writer);
  steps_.save(writer);
  decorrelation_.save(writer);
  martingale_.save(writer);
}

bool AssetWatch::restore(StateReader& reader) {
  std::int64_t step_then = -1;
  double strangest = 0;
  std::uint64_t suspected = 0;
  reader.get(step_then);
  reader.get(strangest);
  reader.get(suspected);
  const bool fits = chart_.restore(reader) && distances_.restore(reader) && steps_.restore(reader) &&
                    decorrelation_.restore(reader) && martingale_.restore(reader) && reader.complete() &&
                    std::isfinite(strangest) && strangest >= 0;
  if (!fits) {
    forget();
    return false;
  }
  step_ = step_then;
  strangest_ = strangest;
  suspected_ = suspected;
  return true;
}

}  // namespace fettle::detection
