#pragma once

#include <cstdint>
#include <random>

#include "core/time.hpp"

namespace fettle::plants {

/// Randomness that is the same for the same seed.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : engine_{seed} {}

  double normal(double deviation) { return deviation * standard_(engine_); }
  double uniform() { return uniform_(engine_); }

 private:
  std::mt19937_64 engine_;
  std::normal_distribution<double> standard_{0, 1};
  std::uniform_real_distribution<double> uniform_{0, 1};
};

/// A value that wanders around zero and forgets where it was (an Ornstein-Uhlenbeck process).
class Wander {
 public:
  Wander(double deviation, Duration memory) : deviation_{deviation}, memory_{memory} {}

  double value() const { return value_; }
  void step(Noise& noise, Duration span);

 private:
  double deviation_;
  Duration memory_;
  double value_ = 0;
};

/// What a register with this resolution makes of a value.
double quantised(double value, double resolution);

/// The share by which a first-order lag comes closer to its target in `span`.
double approach_of(Duration span, Duration time_constant);

double in_days(Duration span);

}  // namespace fettle::plants
