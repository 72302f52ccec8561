#include "replay_courses.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
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

/// The lowest, the highest and an unknown one of a stretch, each once.
void add_extremes(std::span<const Sample> stretch, std::vector<Sample>& into) {
  const Sample* low = nullptr;
  const Sample* high = nullptr;
  float evidence = unknown;
  for (const auto& each : stretch) {
    if (std::isnan(each.value)) continue;
    if (low == nullptr || each.value < low->value) low = &each;
    if (high == nullptr || each.value > high->value) high = &each;
    if (!(each.evidence <= evidence)) evidence = each.evidence;
  }
  if (low == nullptr) return into.push_back(stretch.front());
  const auto* first = std::min(low, high);
  const auto* second = std::max(low, high);
  into.push_back({first->time, first->value, evidence});
  if (second != first) into.push_back({second->time, second->value, evidence});
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
    add_extremes(course.subspan(begin, end - begin), result);
  }
  return result;
}

bool Course::is_known() const {
  return std::any_of(samples.begin(), samples.end(), [](const Sample& each) { return !std::isnan(each.value); });
}

std::optional<double> Course::rare_evidence(Time time) const {
  constexpr double rare = 0.01;
  const auto found =
      std::find_if(samples.begin(), samples.end(), [time](const Sample& each) { return each.time >= time; });
  if (found == samples.end() || std::isnan(found->evidence)) return std::nullopt;
  std::size_t judged = 0;
  std::size_t as_strong = 0;
  for (auto each = samples.begin(); each != found; ++each) {
    if (std::isnan(each->evidence)) continue;
    ++judged;
    if (each->evidence >= found->evidence) ++as_strong;
  }
  if (static_cast<double>(as_strong) > rare * static_cast<double>(judged)) return std::nullopt;
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
  course.samples.push_back({period.time, value, evidence});
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
