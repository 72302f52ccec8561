#pragma once

#include "core/state.hpp"
#include "manipulation/feature.hpp"
#include "manipulation/interval_means.hpp"
#include "manipulation/options.hpp"
#include "manipulation/probation.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::manipulation {

/// What a value depends on, for one interval.
struct Context {
  std::int64_t wall_second = 0;        ///< on the clock on the wall
  std::span<const double> conditions;  ///< the arguments after the first
};

/// A model of what a value should be in its context. Pure sums; it never judges what it is given.
class Baseline {
 public:
  Baseline() = default;
  Baseline(const Baseline&) = delete;
  Baseline& operator=(const Baseline&) = delete;
  virtual ~Baseline() = default;

  /// Nothing where it has learned too little, such as in weather that it has not seen: extrapolation is no evidence.
  virtual std::optional<double> expect(const Context& context) const = 0;
  /// Takes in what was there. At a pace below 1 it counts that much less, and makes the rest fade that much slower.
  virtual void learn(const Context& context, double value, double pace) = 0;
  virtual void start_anew() {}
  virtual void save(StateWriter& writer) const = 0;
  virtual bool restore(StateReader& reader) = 0;
};

/// How a baseline is used, by its registered name.
struct BaselineUse {
  std::string_view name;
  std::uint32_t version = 1;
  Duration least_interval{};  ///< throws if the model's `every:` is shorter
  double least_share = 0.5;   ///< of the readings of an interval that have to be good
  double trial_days = 14;
  double largest_cv = 0.30;
  double longest_hold = 60;  ///< days, see ProbationSettings
};

/// What is left of a point (the first argument) when its baseline is taken away, for each interval. Each value is predicted before it is
/// learned; until the predictions have passed their probation, and where there is none, the residual is bad: not learned.
/// With `relative: 1` it is a share of the prediction.
class BaselineResidual final : public Feature, public Stateful {
 public:
  BaselineResidual(FeatureSettings&& settings, const BaselineUse& use, std::unique_ptr<Baseline> baseline);

  std::vector<PointId> inputs() const override { return means_.inputs(); }
  std::optional<Reading> derive(const Reading& reading) override;
  Stateful* memory() override { return this; }
  void start_anew() override;

  std::string state_id() const override { return id_ + "/" + std::string{use_.name}; }
  std::uint32_t state_version() const override { return use_.version; }
  std::uint64_t settings_hash() const override { return hash_; }
  void save(StateWriter& writer) const override;
  bool restore(StateReader& reader) override;

 private:
  Reading judge(const Interval& interval);
  std::optional<double> judged(const Context& context, double value);

  PointId target_;
  std::string id_;
  std::uint64_t hash_;
  bool relative_;
  BaselineUse use_;
  IntervalMeans means_;
  std::unique_ptr<Baseline> baseline_;
  Probation probation_;
};

/// The share of its weight that everything has after another interval, by the option `half_life_days`.
double keep_of(const FeatureSettings& settings, double usual_days, double fewest_days);
/// Throws std::invalid_argument, with `wanted`, unless there are that many arguments and the first is a point.
void need_arguments(const FeatureSettings& settings, std::size_t least, std::size_t most, const char* wanted);
/// Throws std::invalid_argument if the target's period is shorter.
void need_interval(const FeatureSettings& settings, Duration least);
/// Of the options, the period and the zone, for learned state.
std::uint64_t settings_hash(const FeatureSettings& settings);

}  // namespace fettle::manipulation
