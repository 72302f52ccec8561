#pragma once

#include "manipulation/cycles.hpp"
#include "manipulation/learning_feature.hpp"
#include "manipulation/options.hpp"

#include <array>

namespace fettle::manipulation {

/// What is told by a machine's runs and standstills. It takes a run state (0 or 1: a status, or `on_off` of the power), some also
/// the power; with every reading of the run state it says what is known by then.
class CycleFeature : public LearningFeature {
 public:
  enum class Power : std::uint8_t { unused, needed };

  CycleFeature(const FeatureSettings& settings, Power power);

  std::vector<PointId> inputs() const override;
  std::optional<Reading> derive(const Reading& reading) final;
  void save(StateWriter& writer) const override;
  bool restore(StateReader& reader) final;
  void start_anew() final;

 protected:
  Duration every() const { return state_.every; }
  Duration power_every() const { return power_ ? power_->every : Duration{0}; }
  std::optional<bool> on() const { return cycles_.on(); }

  virtual void follow(Time time, const CycleStep& step) = 0;
  virtual void draw(const Reading& /*power*/) {}
  /// What is known now: a good reading, or a bad one with the reason.
  virtual Reading tell(PointId target, Time time) const = 0;
  virtual void remember(StateWriter& writer) const = 0;
  /// False if that was never saved.
  virtual bool recall(StateReader& reader) = 0;
  /// As if it had never seen a reading.
  virtual void forget() = 0;

 private:
  PointId target_;
  Input state_;
  std::optional<Input> power_;
  Gate gate_;
  Cycles cycles_;
};

/// The latest figures of some kind, one a run, and their median.
class LatestRuns {
 public:
  static constexpr Option option{"runs", 9, 3, 31};

  explicit LatestRuns(double wanted) : wanted_{static_cast<std::size_t>(wanted)} {}

  void add(double figure);
  /// Nothing of fewer than three.
  std::optional<double> median() const;
  void clear() { *this = LatestRuns{static_cast<double>(wanted_)}; }

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  static constexpr std::size_t most = 31;

  std::size_t wanted_;
  std::uint64_t count_ = 0;
  std::array<double, most> figures_{};
};

}  // namespace fettle::manipulation
