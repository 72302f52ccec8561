#include "manipulation/normal_equations.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fettle::manipulation {
namespace {

using Vector = NormalEquations::Vector;
using Triangle = NormalEquations::Triangle;

constexpr double ridge = 1e-9;

constexpr std::size_t at(std::size_t row, std::size_t column) { return row * (row + 1) / 2 + column; }

/// Solves factor × result = right.
Vector forward(const Triangle& factor, std::span<const double> right) {
  Vector result{};
  for (std::size_t row = 0; row < right.size(); ++row) {
    double rest = right[row];
    for (std::size_t k = 0; k < row; ++k) rest -= factor.at(at(row, k)) * result.at(k);
    const double pivot = factor.at(at(row, row));
    result.at(row) = pivot > 0 ? rest / pivot : 0;
  }
  return result;
}

}  // namespace

void NormalEquations::add(std::span<const double> x, double y, double weight) {
  for (std::size_t row = 0; row < x.size(); ++row) {
    for (std::size_t column = 0; column <= row; ++column) squares.at(at(row, column)) += weight * x[row] * x[column];
    products.at(row) += weight * x[row] * y;
  }
}

void NormalEquations::scale(double by) {
  for (auto& each : squares) each *= by;
  for (auto& each : products) each *= by;
}

Triangle NormalEquations::factor(std::size_t terms) const {
  Triangle factor{};
  for (std::size_t row = 0; row < terms; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double rest = squares.at(at(row, column));
      for (std::size_t k = 0; k < column; ++k) rest -= factor.at(at(row, k)) * factor.at(at(column, k));
      if (column == row) {
        factor.at(at(row, row)) = std::sqrt(std::max(rest, 0.0) + ridge * squares.at(at(row, row)));
        continue;
      }
      const double pivot = factor.at(at(column, column));
      factor.at(at(row, column)) = pivot > 0 ? rest / pivot : 0;
    }
  }
  return factor;
}

Vector NormalEquations::solve(std::size_t terms) const {
  const auto triangle = factor(terms);
  auto result = forward(triangle, {products.data(), terms});
  for (std::size_t row = terms; row-- > 0;) {
    double rest = result.at(row);
    for (std::size_t k = row + 1; k < terms; ++k) rest -= triangle.at(at(k, row)) * result.at(k);
    const double pivot = triangle.at(at(row, row));
    result.at(row) = pivot > 0 ? rest / pivot : 0;
  }
  return result;
}

double NormalEquations::variance(std::span<const double> x) const {
  const auto triangle = factor(x.size());
  for (std::size_t row = 0; row < x.size(); ++row) {
    if (triangle.at(at(row, row)) <= 0 && x[row] != 0) return std::numeric_limits<double>::infinity();
  }
  const auto half = forward(triangle, x);
  return std::inner_product(half.begin(), half.end(), half.begin(), 0.0);
}

}  // namespace fettle::manipulation
