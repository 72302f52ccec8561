#include "prognosis/courses.hpp"

#include "core/median.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fettle::prognosis {
namespace {

constexpr std::size_t least_after = 4;  ///< samples since an onset
constexpr double slowest = 1;           ///< e-foldings of an exponential course within the samples
constexpr double next_growth = 1.25;
constexpr double least_deviation = 0.01;  ///< of the index
constexpr double wildest = 9;             ///< a sample counts for no more than one three deviations off
constexpr double wildest_square = 20;     ///< by the median of all squares: that of three deviations of normal errors
constexpr double least_risen = 0.02;      ///< above the base; below that nothing can be told from noise

}  // namespace

double Course::risen_at(double hours) const {
  if (power == 0) return factor * std::exp(place * hours);
  return hours > place ? factor * std::pow(hours - place, power) : 0;
}

double Course::hours_between(double from, double to) const {
  if (power == 0) return std::log(to / from) / place;
  return std::pow(to / factor, 1.0 / power) - std::pow(from / factor, 1.0 / power);
}

Courses::Courses(std::span<const Sample> samples, double base, double now) : base_{base}, now_{now} {
  add_powers(samples);
  add_exponentials(samples);
  weigh(samples);
}

void Courses::add_powers(std::span<const Sample> samples) {
  const double first = samples.front().hours - now_;
  for (int power = 1; power <= highest_power; ++power) {
    for (const auto& onset : samples.first(samples.size() - std::min(samples.size(), least_after)))
      add({power, onset.hours - now_}, samples);
    double earlier = 0.1;
    for (std::size_t each = 0; each < onsets_before; ++each, earlier *= 2)
      add({power, first + earlier * first}, samples);
  }
}

void Courses::add_exponentials(std::span<const Sample> samples) {
  double growth = slowest / (now_ - samples.front().hours);
  for (std::size_t each = 0; each < growths; ++each, growth *= next_growth) add({0, growth}, samples);
}

/// With its factor by least squares, if it rises.
void Courses::add(Course course, std::span<const Sample> samples) {
  course.factor = 1;
  double product = 0;
  double square = 0;
  for (const auto& each : samples) {
    const double shape = course.risen_at(each.hours - now_);
    product += shape * (each.value - base_);
    square += shape * shape;
  }
  if (square <= 0 || product <= 0) return;
  course.factor = product / square;
  courses_.at(count_++) = course;
}

double Courses::error(const Course& course, const Sample& sample) const {
  return sample.value - base_ - course.risen_at(sample.hours - now_);
}

/// Root mean square of the errors, of which a few wild ones may not decide.
double Courses::deviation_of(const Course& course, std::span<const Sample> samples) const {
  std::array<double, history_depth> squares{};
  const auto used = std::span{squares}.first(samples.size());
  std::ranges::transform(samples, used.begin(), [&](const Sample& each) { return std::pow(error(course, each), 2); });
  auto sorted = squares;
  const double most = wildest_square * median_in_place(std::span{sorted}.first(samples.size()));
  double sum = 0;
  for (const double square : used) sum += std::min(square, most);
  return std::sqrt(sum / static_cast<double>(samples.size()));
}

void Courses::weigh(std::span<const Sample> samples) {
  double deviation = std::numeric_limits<double>::infinity();
  for (const auto& course : all()) deviation = std::min(deviation, deviation_of(course, samples));
  deviation = std::max(deviation, least_deviation);
  double best = -std::numeric_limits<double>::infinity();
  for (auto& course : std::span{courses_}.first(count_)) {
    for (const auto& each : samples) course.odds -= std::min(std::pow(error(course, each) / deviation, 2), wildest) / 2;
    best = std::max(best, course.odds);
  }
  std::array<double, highest_power + 1> laws{};
  for (const auto& course : all()) laws.at(static_cast<std::size_t>(course.power)) += 1;
  for (auto& course : std::span{courses_}.first(count_))
    course.odds = std::exp(course.odds - best) / laws.at(static_cast<std::size_t>(course.power));
}

double Courses::expected_at(double hours) const {
  const auto likeliest = std::ranges::max_element(all(), {}, &Course::odds);
  return likeliest == all().end() ? base_ : base_ + likeliest->risen_at(hours - now_);
}

double Courses::hours_between(double from, double to) const {
  const double risen = std::max(from - base_, least_risen);
  double sum = 0;
  double odds = 0;
  for (const auto& course : all()) {
    sum += course.odds * std::log(course.hours_between(risen, risen + to - from));
    odds += course.odds;
  }
  return std::exp(sum / odds);
}

}  // namespace fettle::prognosis
