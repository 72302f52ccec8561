#include "detection/sensor_watch.hpp"

#include "detection/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fettle::detection {
namespace {

constexpr float hour = 3600;
constexpr float after_standing_still = 3 * hour;  // which was many hours before it was called stuck
constexpr float after_nonsense = 6 * hour;
constexpr float without_a_value = 72 * hour;  // a machine's own meters may have none from Friday to Monday
constexpr float longest_without = 14 * 24 * hour;
constexpr float without_a_judgement = 7 * 24 * hour;  // weeks of work are a switch that was forgotten
constexpr float forgotten_within = 3 * hour;          // of measuring again
constexpr float beyond_limit = 1.5;
constexpr std::size_t several = 3;
constexpr Duration longest_gap = std::chrono::hours{1};  // what lies further apart says nothing about the time between

/// True for what a sensor or its input does; false for what a wire, a device or a clock does.
bool is_of_a_sensor(Reason reason) {
  switch (reason) {
    case Reason::no_value:
    case Reason::out_of_range:
    case Reason::too_fast:
    case Reason::spike:
    case Reason::stuck: return true;
    default: return false;
  }
}

std::string_view what_it_does(Reason reason) {
  switch (reason) {
    case Reason::no_value: return "has no value";
    case Reason::out_of_range: return "shows what cannot be";
    case Reason::stuck: return "has stood still for longer than it ever did";
    case Reason::not_running: return "has been on for days: nothing is judged meanwhile";
    default: return "leaps from value to value";
  }
}

}  // namespace

float SensorWatch::Sensor::allowed() const {
  if (why == Reason::stuck) return after_standing_still;
  if (why == Reason::not_running) return without_a_judgement;
  if (why == Reason::no_value) return std::clamp(2 * longest, without_a_value, longest_without);
  return after_nonsense;
}

float SensorWatch::Sensor::share() const {
  constexpr float not_yet = 0.99F;
  return has_measured != 0 ? unfit / allowed() : std::min(unfit / allowed(), not_yet);
}

/// What a reading says of its sensor; nothing where it says nothing.
std::optional<Reason> SensorWatch::Sensor::verdict(const Reading& reading) const {
  if (!reading.is_good() && !is_of_a_sensor(reading.reason)) return std::nullopt;
  const bool is_about_motion = reading.is_good() || reading.reason == Reason::stuck;
  if (!is_about_motion || motion == Motion::unknown) return reading.is_good() ? Reason::none : reading.reason;
  if (motion == Motion::rests) {
    const bool tells = reading.is_good() && (why != Reason::stuck || reading.value != value);
    return tells ? std::optional{Reason::none} : std::nullopt;
  }
  return motion == Motion::stands ? Reason::stuck : Reason::none;
}

std::optional<Reason> SensorWatch::verdict(std::size_t sensor, const Reading& reading) const {
  if (settings_.mute == sensor && reading.is_good() && reading.value > 0.5) return Reason::not_running;
  return sensors_[sensor].verdict(reading);
}

void SensorWatch::Sensor::live(float seconds, Reason reason) {
  if (reason != Reason::none) {
    const float before = unfit > 0 ? share() : 0;
    why = reason;
    unfit = std::min(before * allowed() + seconds, beyond_limit * allowed());
    return;
  }
  if (why == Reason::no_value) longest = std::max(longest, std::min(unfit, allowed()));
  unfit -= seconds * allowed() / forgotten_within;
  if (unfit > 0) return;
  unfit = 0;
  why = Reason::none;
}

SensorWatch::SensorWatch(SensorWatchSettings settings)
    : settings_{std::move(settings)}, sensors_(settings_.sensors.size()) {
  for (auto& sensor : settings_.sensors) sensor = for_people(std::move(sensor));
}

void SensorWatch::note_standstill(std::size_t sensor, const Reading& standstill) {
  using Motion = Sensor::Motion;
  auto& motion = sensors_.at(sensor).motion;
  if (standstill.is_good()) {
    motion = standstill.value > 0 ? Motion::stands : Motion::moves;
  } else {
    const bool rests = standstill.reason == Reason::not_running || standstill.reason == Reason::starting;
    motion = rests ? Motion::rests : Motion::unknown;  // it may be this very sensor that tells whether the machine runs
  }
}

std::optional<Finding> SensorWatch::observe(std::size_t sensor, const Reading& reading) {
  auto& its = sensors_.at(sensor);
  const auto judged = verdict(sensor, reading);
  const auto since = std::clamp(reading.time - its.last, Duration{0}, longest_gap);
  const bool is_first = its.last == Time{};
  its.last = reading.time;
  if (judged && !is_first) its.live(std::chrono::duration<float>{since}.count(), *judged);
  if (reading.is_good()) {
    its.has_measured = 1;
    its.value = reading.value;
  }

  const auto now = reading.time.time_since_epoch() / step;
  const bool is_over = step_ >= 0 && now > step_;
  step_ = now;
  if (!is_over) return std::nullopt;
  const auto worst = std::max_element(sensors_.begin(), sensors_.end(),
                                      [](const auto& left, const auto& right) { return left.share() < right.share(); });
  const double share = worst->share();
  Finding finding{reading.point, reading.time, "sensor_watch", 0, share, 0};
  if (share >= warn) finding.words = words_of(static_cast<std::size_t>(worst - sensors_.begin()));
  return finding;
}

/// Several that stand still at once are hardly all broken: it is what they have in common.
std::string SensorWatch::words_of_standing() const {
  std::vector<std::string_view> standing;
  for (std::size_t each = 0; each < sensors_.size(); ++each) {
    if (stands_still(each)) standing.push_back(settings_.sensors[each]);
  }
  const auto measuring =
      std::count_if(sensors_.begin(), sensors_.end(), [](const auto& each) { return each.has_measured != 0; });
  if (standing.size() < several || 2 * std::ssize(standing) < measuring) return {};
  return fmt::format("{} of its {} sensors stand still at once, as if their device repeated old values ({})",
                     standing.size(), measuring, fmt::join(standing, ", "));
}

bool SensorWatch::stands_still(std::size_t sensor) const {
  return sensors_[sensor].why == Reason::stuck && sensors_[sensor].share() >= warn;
}

std::string SensorWatch::words_of(std::size_t sensor) const {
  auto text = words_of_standing();
  const bool stand_together = !text.empty();
  const auto add = [&](std::size_t each) {
    if (stand_together && stands_still(each)) return;
    if (!text.empty()) text += "; ";
    text += fmt::format("{} {}", settings_.sensors[each], what_it_does(sensors_[each].why));
  };
  add(sensor);
  for (std::size_t other = 0; other < sensors_.size(); ++other) {
    if (other != sensor && sensors_[other].share() >= warn) add(other);
  }
  return text;
}

void SensorWatch::start_anew() {
  sensors_.assign(sensors_.size(), {});
  step_ = -1;
}

void SensorWatch::save(StateWriter& writer) const {
  writer.put(step_);
  for (const auto& each : sensors_) {
    writer.put(each.last);
    writer.put(each.unfit);
    writer.put(each.longest);
    writer.put(each.why);
    writer.put(each.has_measured);
  }
}

bool SensorWatch::restore(StateReader& reader) {
  std::int64_t step_then = -1;
  reader.get(step_then);
  auto then = sensors_;
  bool fits = true;
  for (auto& each : then) {
    reader.get(each.last);
    reader.get(each.unfit);
    reader.get(each.longest);
    reader.get(each.why);
    reader.get(each.has_measured);
    const bool is_reason = each.why == Reason::none || each.why == Reason::not_running || is_of_a_sensor(each.why);
    fits = fits && is_reason && each.unfit >= 0 && std::isfinite(each.unfit) && each.longest >= 0 &&
           std::isfinite(each.longest);
  }
  if (!fits || !reader.complete()) return false;
  step_ = step_then;
  sensors_ = std::move(then);
  return true;
}

}  // namespace fettle::detection
