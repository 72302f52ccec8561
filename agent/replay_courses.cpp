#include "replay_courses.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace fettle {
namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

void learn(Course& course, const Reading& period) {
  if (!course.yardsticks.empty()) return;
  if (!course.learned_since) {
    course.learned_since = period.time;
    course.lowest = course.highest = period.value;
  }
  course.lowest = std::min(course.lowest, period.value);
  course.highest = std::max(course.highest, period.value);
  course.learned_until = period.time;
}

void measure(Course& course, const ModeHealth& health) {
  auto& all = course.yardsticks;
  const bool same = !all.empty() && all.back().baseline == health.baseline && all.back().warn == health.warn &&
                    all.back().limit == health.limit;
  if (!same) all.push_back({health.time, health.baseline, health.warn, health.limit, health.absolute});
}

/// The lowest and the highest of a stretch with its strongest evidence, or where it is known to be level; its ends if it is unknown.
std::array<Sample, 2> extremes_of(std::span<const Sample> stretch) {
  const Sample* low = nullptr;
  const Sample* high = nullptr;
  const Sample* last = nullptr;
  const Sample* strongest = &stretch.front();
  for (const auto& each : stretch) {
    if (std::isnan(each.value)) continue;
    last = &each;
    if (low == nullptr || each.value < low->value) low = &each;
    if (high == nullptr || each.value > high->value) high = &each;
    if (std::isnan(strongest->evidence) || each.evidence > strongest->evidence) strongest = &each;
  }
  if (last == nullptr) return {stretch.front(), stretch.back()};
  if (low == high) high = last;
  std::array<Sample, 2> both{*std::min(low, high), *std::max(low, high)};
  for (auto& each : both) {
    each.evidence = strongest->evidence;
    each.is_rare = strongest->is_rare;
  }
  return both;
}

}  // namespace

std::vector<Sample> thinned(std::span<const Sample> course, std::size_t most) {
  if (course.size() <= most) return {course.begin(), course.end()};
  const auto stretches = std::max<std::size_t>(1, most / 2);
  std::vector<Sample> result;
  result.reserve(2 * stretches);
  for (std::size_t stretch = 0; stretch < stretches; ++stretch) {
    const auto begin = course.size() * stretch / stretches;
    const auto end = course.size() * (stretch + 1) / stretches;
    const auto [first, second] = extremes_of(course.subspan(begin, end - begin));
    result.push_back(first);
    if (second.value < first.value || second.value > first.value) result.push_back(second);
  }
  return result;
}

bool Rarity::look_at(float evidence) {
  if (std::isnan(evidence)) return false;
  constexpr double rare = 0.01;
  const auto highest = static_cast<float>(strengths_.size() - 1);
  const auto step = static_cast<std::ptrdiff_t>(std::clamp(evidence * fineness, 0.0F, highest));
  const auto as_strong = std::accumulate(strengths_.begin() + step, strengths_.end(), std::uint64_t{0});
  const bool is_rare = static_cast<double>(as_strong) <= rare * static_cast<double>(judged_);
  ++strengths_.at(static_cast<std::size_t>(step));
  ++judged_;
  return is_rare;
}

void Course::keep(Time time, float value, float evidence) {
  samples.push_back({time, value, evidence, rarity_.look_at(evidence)});
  if (stretch_ > 1 && samples.size() - merged_ == stretch_) merge_from(merged_, stretch_);
  if (samples.size() < most) return;
  constexpr std::size_t two_stretches = 4;
  merge_from(0, two_stretches);
  stretch_ *= stretch_ == 1 ? two_stretches : 2;
}

/// Each so many samples become two; where that is the same for all, no part of the course is coarser than another.
void Course::merge_from(std::size_t begin, std::size_t count) {
  auto to = samples.begin() + static_cast<std::ptrdiff_t>(begin);
  for (std::size_t at = begin; at + count <= samples.size(); at += count)
    to = std::ranges::copy(extremes_of(std::span{samples}.subspan(at, count)), to).out;
  samples.erase(to, samples.end());
  merged_ = samples.size();
}

bool Course::is_known() const {
  return std::any_of(samples.begin(), samples.end(), [](const Sample& each) { return !std::isnan(each.value); });
}

std::optional<double> Course::rare_evidence(Time time) const {
  auto found = std::ranges::lower_bound(samples, time, {}, &Sample::time);
  const bool is_last = found == samples.end();
  const bool is_between = found != samples.begin() && (is_last || found->time != time);
  if (is_between && (is_last || !(found->evidence >= std::prev(found)->evidence))) --found;
  if (found == samples.end() || !found->is_rare) return std::nullopt;
  return found->evidence;
}

void CourseBook::take(const Judgement& judgement) {
  const auto& period = judgement.period;
  auto& course = courses_[{judgement.mode, std::string{judgement.indicator}}];
  const auto value = period.is_good() ? static_cast<float>(period.value) : unknown;
  const auto* const finding = judgement.finding;
  const auto evidence = judgement.health != nullptr ? static_cast<float>(judgement.health->evidence)
                        : finding != nullptr        ? static_cast<float>(finding->evidence)
                                                    : unknown;
  auto& [judged, silent] = silences_[judgement.mode];
  if (judgement.finding != nullptr) {
    ++judged;
  } else {
    ++silent[period.is_good() ? Reason::not_learned : period.reason];
  }
  course.quantity = judgement.quantity;
  course.keep(period.time, value, evidence);
  if (judgement.health != nullptr) return measure(course, *judgement.health);
  if (period.is_good() && finding == nullptr) learn(course, period);
}

CourseBook::Silences CourseBook::silences(std::size_t mode) const {
  const auto found = silences_.find(mode);
  return found == silences_.end() ? Silences{} : found->second;
}

const Course* CourseBook::find(std::size_t mode, std::string_view indicator) const {
  const auto found = courses_.find({mode, std::string{indicator}});
  return found == courses_.end() ? nullptr : &found->second;
}

std::vector<std::pair<std::string, const Course*>> CourseBook::strangest(std::size_t mode, Time before,
                                                                         std::size_t most) const {
  const auto evidence = [before](const Course& course) {
    float highest = 0;
    for (const auto& each : course.samples) {
      if (each.time <= before && each.time > before - Days{1} && each.evidence > highest) highest = each.evidence;
    }
    return highest;
  };
  std::vector<std::tuple<float, std::string, const Course*>> found;
  for (const auto& [key, course] : courses_) {
    if (key.first == mode && course.yardsticks.empty() && course.is_known())
      found.emplace_back(-evidence(course), key.second, &course);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::pair<std::string, const Course*>> result;
  for (const auto& [rank, name, course] : found) {
    if (result.size() < most) result.emplace_back(name, course);
  }
  return result;
}

}  // namespace fettle
