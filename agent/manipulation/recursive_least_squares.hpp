#pragma once

#include "core/state.hpp"
#include "manipulation/normal_equations.hpp"

#include <span>

namespace fettle::manipulation {

/// Least squares of at most eight terms in which older samples fade. The sums are kept and solved anew for each sample: that is the
/// weighted batch solution, at less than 1 µs. It cannot wind up, since nothing is divided by what fades: a term that has not moved for
/// long fades with all others, and its coefficient stays as it was. 432 bytes.
class RecursiveLeastSquares {
 public:
  explicit RecursiveLeastSquares(std::size_t terms) : terms_{terms} {}

  /// What was learned before keeps that share of its weight.
  void fade(double keep);
  void learn(std::span<const double> x, double y, double weight = 1);
  double predict(std::span<const double> x) const;
  /// How uncertain a prediction at x is: 1 as uncertain as a single sample there, terms / weight on average over what was learned.
  double uncertainty(std::span<const double> x) const { return sums_.variance(x.first(terms_)); }
  std::span<const double> coefficients() const { return {coefficients_.data(), terms_}; }
  /// Of the samples learned, faded.
  double weight() const { return weight_; }

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  std::size_t terms_;
  NormalEquations sums_;
  double weight_ = 0;
  NormalEquations::Vector coefficients_{};
};

}  // namespace fettle::manipulation
