#pragma once

#include "core/reading.hpp"
#include "core/registry.hpp"
#include "manipulation/formula.hpp"

#include <memory>
#include <optional>
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

/// What a feature is made of; each kind says which members it uses.
struct FeatureSettings {
  PointId target;    ///< the derived point whose readings it produces
  Duration every{};  ///< the target's period
  std::optional<Formula> formula;
  std::vector<Argument> arguments;  ///< in the order of formula->used()
  std::optional<Input> gate;        ///< a run state: while it is not 1, the target is bad
  Duration delay{};                 ///< start-up blanking
};

/// Makes the readings of one derived point from those of other points (ISO 13374: data manipulation).
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
};

/// The latest reading of each point that a feature combines.
class Latest {
 public:
  explicit Latest(std::vector<Argument> arguments);

  std::vector<PointId> points() const;
  /// Takes a reading in; true if it is the one that completes a round: that of the slowest point, the last of several equally slow.
  bool take(const Reading& reading);
  /// Values in the arguments' order, or why there are none: a value is bad, or older than twice its period.
  Reason values(Time now, std::vector<double>& into) const;

 private:
  struct Slot {
    Argument argument;
    Reading reading;
  };
  std::vector<Slot> slots_;
  PointId slowest_;
};

}  // namespace fettle::manipulation
