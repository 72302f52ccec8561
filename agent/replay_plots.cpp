#include "replay_plots.hpp"

#include "advisory/wording.hpp"
#include "core/median.hpp"
#include "delivery/json_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <cmath>

namespace fettle {
namespace {

constexpr std::size_t most_samples = 1'800;
constexpr int digits = 5;
constexpr Duration longest_bridge = std::chrono::hours{36};
/// In a plot of days a line runs on over so many lost periods.
constexpr double periods_bridged = 4;
/// A course that is longer than this is shown around its alert only.
constexpr Duration longest_course = std::chrono::hours{24 * 400};
constexpr Duration before_alert = std::chrono::hours{24 * 300};
/// One that came suddenly is seen in its own days.
constexpr std::size_t most_samples_of_days = 600;
constexpr Duration days_before = std::chrono::hours{24 * 5}, days_after = std::chrono::hours{24};
constexpr int lengths_before = 10, lengths_after = 2;

struct Span {
  Time from, to;
};

std::int64_t seconds(Time time) { return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count(); }

std::string number(double value) {
  return std::isfinite(value) ? delivery::number_text(delivery::significant(value, digits)) : "null";
}

std::string time_or_null(const std::optional<Time>& time) { return time ? std::to_string(seconds(*time)) : "null"; }

template <class Member>
std::string list(const std::vector<Sample>& samples, const Member& member) {
  std::vector<std::string> texts;
  texts.reserve(samples.size());
  std::transform(samples.begin(), samples.end(), std::back_inserter(texts), member);
  return fmt::format("[{}]", fmt::join(texts, ","));
}

/// What usually lies between two samples.
double usual_step(std::span<const Sample> samples) {
  std::vector<double> steps;
  for (std::size_t place = 1; place < samples.size(); ++place)
    steps.push_back(static_cast<double>((samples[place].time - samples[place - 1].time).count()));
  return steps.empty() ? 0 : median_in_place(steps);
}

/// As far as samples may lie apart that are neighbours but for thinning.
Duration bridge_over(std::span<const Sample> samples, std::size_t most) {
  const auto stretch = samples.size() > most ? 2 * static_cast<double>(samples.size()) / static_cast<double>(most) : 1;
  return Duration{std::llround(usual_step(samples) * std::max(periods_bridged, 2 * stretch + 1))};
}

/// A line is broken where nothing was known for longer than the bridge.
std::vector<Sample> with_gaps(std::span<const Sample> samples, Duration bridge) {
  std::vector<Sample> result;
  for (const auto& sample : samples) {
    if (std::isnan(sample.value)) continue;
    if (!result.empty() && sample.time - result.back().time > bridge)
      result.push_back({result.back().time + Duration{1'000}, std::nanf(""), std::nanf("")});
    result.push_back(sample);
  }
  return result;
}

std::string levels_text(const Course& course, double scale) {
  std::vector<std::string> texts;
  for (const auto& each : course.yardsticks) {
    texts.push_back(fmt::format("[{},{},{},{}]", seconds(each.from),
                                each.absolute ? "null" : number(each.baseline * scale), number(each.warn * scale),
                                number(each.limit * scale)));
  }
  return fmt::format("[{}]", fmt::join(texts, ","));
}

std::string learned_text(const Course& course, double scale) {
  if (!course.learned_since || !course.learned_until) return "null";
  return fmt::format(R"({{"from":{},"to":{},"low":{},"high":{}}})", seconds(*course.learned_since),
                     seconds(*course.learned_until), number(course.lowest * scale), number(course.highest * scale));
}

/// The yardstick that held at a moment; null before the first.
const Yardstick* yardstick_at(const Course& course, Time time) {
  const auto after = std::upper_bound(course.yardsticks.begin(), course.yardsticks.end(), time,
                                      [](Time at, const Yardstick& each) { return at < each.from; });
  return after == course.yardsticks.begin() ? nullptr : &*std::prev(after);
}

/// The last known value up to a moment.
std::optional<double> value_at(const Course& course, Time time) {
  auto after = std::upper_bound(course.samples.begin(), course.samples.end(), time,
                                [](Time at, const Sample& each) { return at < each.time; });
  while (after != course.samples.begin()) {
    --after;
    if (!std::isnan(after->value)) return after->value;
  }
  return std::nullopt;
}

std::string fan_text(const AlertStory& story, const Course& course, double scale) {
  if (!story.forecast) return "null";
  const auto* yardstick = yardstick_at(course, story.forecast_at);
  const auto value = value_at(course, story.forecast_at);
  if (yardstick == nullptr || !value) return "null";
  constexpr double hour = 3600;
  const auto& ttf = *story.forecast;
  return fmt::format(R"({{"at":{},"value":{},"low":{:.0f},"mid":{:.0f},"high":{},"limit":{}}})",
                     seconds(story.forecast_at), number(*value * scale), ttf.low * hour, ttf.mid * hour,
                     ttf.high ? fmt::format("{:.0f}", *ttf.high * hour) : "null", number(yardstick->limit * scale));
}

/// When a course was known first in a time, or the end of that time.
Time first_known(const Course& course, Time from, Time to) {
  const auto known = std::ranges::find_if(
      course.samples, [from](const Sample& each) { return each.time >= from && !std::isnan(each.value); });
  return known == course.samples.end() ? to : std::min(known->time, to);
}

/// The whole course where a baseline was learned or a future foretold; a few days around an alert by a limit that nobody had to learn.
Span span_of(const AlertStory& story, const Course& course) {
  const Span whole{course.samples.front().time, course.samples.back().time};
  const auto raised = story.raised.raised_at;
  const auto end = story.last.cleared_at.value_or(whole.to);
  const auto* const yardstick = yardstick_at(course, story.last.changed_at);
  const Span days{raised - std::max<Duration>(days_before, lengths_before * (end - raised)),
                  end + std::max<Duration>(days_after, lengths_after * (end - raised))};
  const bool is_sudden = !story.forecast && yardstick != nullptr && yardstick->absolute;
  if (is_sudden && days.to - days.from < (whole.to - whole.from) / 4)
    return {std::max(whole.from, days.from), std::min(whole.to, days.to)};
  if (whole.to - whole.from <= longest_course) return {first_known(course, whole.from, raised), whole.to};
  const auto from = std::max(whole.from, raised - before_alert);
  const auto to = std::min(whole.to, std::max(from + longest_course, story.last.cleared_at.value_or(whole.from)));
  return {first_known(course, from, raised), to};
}

}  // namespace

std::size_t Plots::series_of(const Course& course, Quantity quantity, Time from, Time to) {
  const auto [known, is_new] = known_.try_emplace({&course, from, to}, series_.size());
  if (!is_new) return known->second;
  const auto earlier = [](const Sample& sample, Time time) { return sample.time < time; };
  const auto begin = std::lower_bound(course.samples.begin(), course.samples.end(), from, earlier);
  const auto end = std::lower_bound(begin, course.samples.end(), to + Duration{1}, earlier);
  const bool is_days = to - from < (course.samples.back().time - course.samples.front().time) / 4;
  const auto most = is_days ? most_samples_of_days : most_samples;
  // Over months a line runs on over a night in which the machine stood.
  const auto bridge = std::max(bridge_over({begin, end}, most), is_days ? Duration{} : longest_bridge);
  const auto samples = with_gaps(thinned({begin, end}, most), bridge);
  const auto unit = advisory::display_unit(quantity);
  const auto start = samples.empty() ? from : samples.front().time;
  series_.push_back(fmt::format(
      R"({{"unit":"{}","start":{},"times":{},"values":{},"evidence":{},"levels":{},"learned":{}}})", unit.text,
      seconds(start),
      list(samples, [start](const auto& each) { return std::to_string(seconds(each.time) - seconds(start)); }),
      list(samples, [&unit](const auto& each) { return number(each.value * unit.scale); }),
      list(samples, [](const auto& each) { return number(delivery::decimals(each.evidence, 2)); }),
      levels_text(course, unit.scale), learned_text(course, unit.scale)));
  return known->second;
}

std::size_t Plots::add(const AlertStory& story, const Course& course, Quantity quantity) {
  const auto [from, to] = span_of(story, course);
  const auto series = series_of(course, quantity, from, to);
  const auto end = std::max(to, story.last.cleared_at.value_or(to));
  plots_.push_back(fmt::format(R"({{"series":{},"from":{},"to":{},"raised":{},"dispatched":{},"cleared":{},"fan":{}}})",
                               series, seconds(from), seconds(end), seconds(story.raised.raised_at),
                               time_or_null(story.dispatched), time_or_null(story.last.cleared_at),
                               fan_text(story, course, advisory::display_unit(quantity).scale)));
  return plots_.size() - 1;
}

std::string Plots::json() const {
  return fmt::format(R"({{"zone":"{}","series":[{}],"plots":[{}]}})", zone_, fmt::join(series_, ","),
                     fmt::join(plots_, ","));
}

}  // namespace fettle
