#pragma once

#include "core/quantity.hpp"
#include "core/reading.hpp"
#include "core/registry.hpp"
#include "core/state.hpp"
#include "core/zone.hpp"
#include "manipulation/formula.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fettle::manipulation {

/// A point that a feature listens to, and how often its readings are due.
struct Input {
  PointId point;
  Duration every{};
};

/// A variable of a formula: a point, or a name-plate figure.
struct Argument {
  std::optional<Input> point;
  double constant = 0;
};

/// The longest period among them.
Duration slowest(const std::vector<Argument>& arguments);

/// What a feature is made of; each kind says which members it uses.
struct FeatureSettings {
  PointId target;    ///< the derived point whose readings it produces
  Duration every{};  ///< the target's period
  std::optional<Formula> formula;
  std::vector<Argument> arguments;        ///< in the order of formula->used(), or of `of:` in the model
  std::optional<Input> gate;              ///< a run state: while it is not 1, the target is bad
  Duration delay{};                       ///< start-up blanking
  std::map<std::string, double> options;  ///< `with:` in the model
  Quantity quantity = Quantity::ratio;    ///< of the only argument, where its nature matters
  std::shared_ptr<const Zone> zone;       ///< of the site; for those that know hours of the day
  std::string id;                         ///< for what it learns: "AHU-07/power_excess"
  std::uint64_t meaning = 0;  ///< hash of what its arguments are made of; learned state of other ones is dropped
};

/// Takes the formula out; throws std::invalid_argument if there is none.
Formula formula_of(FeatureSettings& settings);

/// The point that it takes; throws std::invalid_argument if it is not exactly one.
Input only_point_of(const FeatureSettings& settings);

/// Makes the readings of one derived point from those of other points (ISO 13374: data manipulation). Its factory throws
/// std::invalid_argument, with what to write instead, for arguments or options that it cannot be made of.
class Feature {
 public:
  using Factory = std::unique_ptr<Feature>(FeatureSettings&& settings);

  Feature() = default;
  Feature(const Feature&) = delete;
  Feature& operator=(const Feature&) = delete;
  virtual ~Feature() = default;

  /// The points whose readings it wants to see.
  virtual std::vector<PointId> inputs() const = 0;
  /// A reading of the target whenever this one completes it. Never allocates.
  virtual std::optional<Reading> derive(const Reading& reading) = 0;
  /// What it learns; null if nothing.
  virtual Stateful* memory() { return nullptr; }
  /// The machine was put right: what counted against it counts no more.
  virtual void start_anew() {}
};

/// A run state that silences a feature; one without a point is always open.
class Gate {
 public:
  explicit Gate(std::optional<Input> run_state) : run_state_{run_state} {}

  /// The points of a feature, and the run state behind them.
  std::vector<PointId> with(std::vector<PointId> points) const;
  /// Looks at a reading, whatever it is of.
  void take(const Reading& reading);
  /// Why nothing can be said at that time; `none` while the machine runs.
  Reason closed(Time now) const;

 private:
  std::optional<Input> run_state_;
  Reading latest_;
};

/// The latest reading of each point that a feature combines.
class Latest {
 public:
  explicit Latest(std::vector<Argument> arguments);

  std::vector<PointId> points() const;
  /// Takes a reading in; true if it is the one that completes a round: that of the slowest point, the last of several equally slow. The
  /// same moment's readings, or those of the same period, go together in whatever order they come.
  bool take(const Reading& reading);
  /// Values in the arguments' order, or why there are none: a value is bad, or older than twice its period.
  Reason values(Time now, std::vector<double>& into) const;

 private:
  struct Slot {
    Argument argument;
    Reading reading;
  };

  bool is_slow(const Slot& slot) const { return slot.argument.point && slot.argument.point->every == longest_; }
  bool awaits_another(Time now) const;

  std::vector<Slot> slots_;
  PointId slowest_;
  Duration longest_{-1};
  bool due_ = false;  ///< the slowest point's reading has come
};

}  // namespace fettle::manipulation
