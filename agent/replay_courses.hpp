#pragma once

#include "pipeline.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle {

/// One period of an indicator, as a plot shows it; NaN: unknown.
struct Sample {
  Time time{};
  float value = 0;
  float evidence = 0;
  bool is_rare = false;  ///< as strong an evidence had come in at most one of a hundred periods before
};

/// At most so many samples of a course, with the lowest and the highest value and the strongest evidence of each stretch, so that nothing
/// that a person would look for is lost. In the order of time; the whole course if it is short enough.
std::vector<Sample> thinned(std::span<const Sample> course, std::size_t most);

/// What an indicator was judged by, from a moment on.
struct Yardstick {
  Time from{};
  double baseline = 0, warn = 0, limit = 0;
  bool absolute = false;  ///< the limits depend on nothing learned
};

/// Says of each evidence whether as strong a one was rare before, in constant memory.
class Rarity {
 public:
  bool look_at(float evidence);

 private:
  static constexpr float fineness = 8;             ///< steps of one
  std::array<std::uint32_t, 20 * 8> strengths_{};  ///< how often it came, by its step; the last one and all above it
  std::uint64_t judged_ = 0;
};

/// All that was seen of one indicator, or of a reading that a watch looks at. Of a long history stretches are kept, as `thinned` does:
/// years take no more memory than months.
struct Course {
  static constexpr std::size_t most = 16'384;  ///< samples; a multiple of 4

  Quantity quantity = Quantity::ratio;
  std::vector<Sample> samples;
  std::vector<Yardstick> yardsticks;
  std::optional<Time> learned_since, learned_until;  ///< the first learning
  double lowest = 0, highest = 0;                    ///< while it learned

  /// The next period. NaN: nothing was judged, nothing was measured.
  void keep(Time time, float value, float evidence);
  /// Whether there was ever a value.
  bool is_known() const;
  /// The evidence at a moment, or the stronger one of those kept before and after it; none where as strong a one was not rare before.
  std::optional<double> rare_evidence(Time time) const;

 private:
  void merge_from(std::size_t begin, std::size_t count);

  Rarity rarity_;
  std::size_t stretch_ = 1;  ///< periods that become a stretch
  std::size_t merged_ = 0;   ///< samples that are stretches; those after them are periods
};

/// Looks on while a pipeline judges, and keeps the courses of its indicators.
class CourseBook {
 public:
  /// Which indicator of which mode of the pipeline's.
  using Key = std::pair<std::size_t, std::string>;

  void take(const Judgement& judgement);
  const std::map<Key, Course>& courses() const { return courses_; }
  /// Null if nothing was seen of it.
  const Course* find(std::size_t mode, std::string_view indicator) const;
  /// What a watch looked at in the day before, the strangest first.
  std::vector<std::pair<std::string, const Course*>> strangest(std::size_t mode, Time before, std::size_t most) const;
  /// How many periods of a mode were judged, and how many were not, by the reason.
  struct Silences {
    std::size_t judged = 0;
    std::map<Reason, std::size_t> silent;
  };
  Silences silences(std::size_t mode) const;

 private:
  std::map<Key, Course> courses_;
  std::map<std::size_t, Silences> silences_;
};

}  // namespace fettle
