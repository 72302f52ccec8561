#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::manipulation {

/// What is wrong with a formula, and where in its text (0-based).
struct FormulaError {
  std::string text;
  std::size_t position = 0;
};

/// A one-line scalar formula over named variables: + - * / ^, comparisons, && ||, ?:, min max abs sqrt exp ln ... (muParser's language,
/// assignment switched off). Compiled once, which takes kilobytes, so copies share it: they belong to one thread. Evaluating allocates
/// nothing.
class Formula {
 public:
  /// Throws FormulaError if the text is no formula over exactly these variables.
  Formula(std::string_view text, std::vector<std::string> variables);
  /// The variables that the text really uses, in the order given at construction.
  const std::vector<std::string>& used() const;

  /// `values` in the order of used(). NaN where the formula has no value (0/0, sqrt(-1)); infinities become NaN too.
  double operator()(std::span<const double> values) const;

 private:
  struct Compiled;
  std::shared_ptr<Compiled> compiled_;  ///< shared by the copies; what one evaluation leaves there, the next overwrites
};

/// The names of a formula's variables, without knowing them beforehand. Throws FormulaError.
std::vector<std::string> variables_of(std::string_view text);

}  // namespace fettle::manipulation
