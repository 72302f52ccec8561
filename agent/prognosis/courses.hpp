#pragma once

#include "prognosis/history.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace fettle::prognosis {

/// One way in which an index may have risen above its base: by a power of the time since an onset, or exponentially.
struct Course {
  int power = 0;      ///< 0: exponentially
  double place = 0;   ///< its onset in hours from the present, or its growth per hour
  double factor = 0;  ///< what it is multiplied with to fit the samples best
  double odds = 0;    ///< by how well it fits; only their proportions count

  /// Above the base, at so many hours from the present; the past is negative.
  double risen_at(double hours) const;
  double hours_between(double from, double to) const;
};

/// All courses that may have led through some samples, each with its odds: what comes is foretold by their mean, because few samples
/// tell one from another (Bayesian model averaging, Hoeting et al. 1999). Each of the laws counts for the same before samples speak.
class Courses {
 public:
  Courses() = default;
  /// The samples in the order of time, those before the rise among them, and no spikes: medians, or what without_spikes leaves. `now` in
  /// their hours.
  Courses(std::span<const Sample> samples, double base, double now);

  bool empty() const { return count_ == 0; }
  /// The index by the likeliest one. Hours as the samples'.
  double expected_at(double hours) const;
  /// Hours from one level of the index to a higher one.
  double hours_between(double from, double to) const;

 private:
  static constexpr std::size_t onsets_before = 5;  ///< the samples may begin in the midst of the rise
  static constexpr std::size_t growths = 15;
  static constexpr int highest_power = 3;

  void add_powers(std::span<const Sample> samples);
  void add_exponentials(std::span<const Sample> samples);
  void add(Course course, std::span<const Sample> samples);
  void weigh(std::span<const Sample> samples);
  double error(const Course& course, const Sample& sample) const;
  double deviation_of(const Course& course, std::span<const Sample> samples) const;
  std::span<const Course> all() const { return std::span{courses_}.first(count_); }

  std::array<Course, highest_power*(history_depth + onsets_before) + growths> courses_{};
  std::size_t count_ = 0;
  double base_ = 0, now_ = 0;
};

}  // namespace fettle::prognosis
