#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace fettle::manipulation {

/// The sums of products that least squares of a few terms come down to, and their solution (Cholesky). A ridge of 1e-9 of each term's own
/// size keeps them solvable where terms move together; a term that never moved gets the coefficient 0.
struct NormalEquations {
  static constexpr std::size_t most = 8;
  using Vector = std::array<double, most>;
  using Triangle = std::array<double, most*(most + 1) / 2>;  ///< the lower one, row by row

  Triangle squares{};
  Vector products{};

  void add(std::span<const double> x, double y, double weight);
  void scale(double by);
  Vector solve(std::size_t terms) const;
  /// x'A⁻¹x: the variance of a prediction at x, in units of that of one sample. Infinite in a direction in which nothing moved.
  double variance(std::span<const double> x) const;

 private:
  Triangle factor(std::size_t terms) const;
};

}  // namespace fettle::manipulation
