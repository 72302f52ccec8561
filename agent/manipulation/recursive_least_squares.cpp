#include "manipulation/recursive_least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fettle::manipulation {

void RecursiveLeastSquares::fade(double keep) {
  sums_.scale(keep);
  weight_ *= keep;
}

void RecursiveLeastSquares::learn(std::span<const double> x, double y, double weight) {
  sums_.add(x.first(terms_), y, weight);
  weight_ += weight;
  coefficients_ = sums_.solve(terms_);
}

double RecursiveLeastSquares::predict(std::span<const double> x) const {
  const auto terms = x.first(terms_);
  return std::inner_product(terms.begin(), terms.end(), coefficients_.begin(), 0.0);
}

void RecursiveLeastSquares::save(StateWriter& writer) const {
  writer.put(sums_);
  writer.put(weight_);
}

bool RecursiveLeastSquares::restore(StateReader& reader) {
  NormalEquations sums;
  double weight = 0;
  reader.get(sums);
  reader.get(weight);
  const auto sound = [](double each) { return std::isfinite(each); };
  if (!reader.ok() || !(weight >= 0) || !std::all_of(sums.squares.begin(), sums.squares.end(), sound) ||
      !std::all_of(sums.products.begin(), sums.products.end(), sound))
    return false;
  sums_ = sums;
  weight_ = weight;
  coefficients_ = sums_.solve(terms_);
  return true;
}

}  // namespace fettle::manipulation
