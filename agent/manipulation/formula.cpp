#include "manipulation/formula.hpp"

#include <fmt/format.h>
#include <muParser.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace fettle::manipulation {
namespace {

/// muParser knows assignment, and offers no switch for it alone; a formula has no business with it.
void refuse_assignment(std::string_view text) {
  for (std::size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    const bool comparison_before = at > 0 && std::string_view{"<>!="}.find(text[at - 1]) != std::string_view::npos;
    const bool comparison_after = at + 1 < text.size() && text[at + 1] == '=';
    if (!comparison_before && !comparison_after) throw FormulaError{"\"=\" assigns; to compare, write \"==\"", at};
  }
}

FormulaError translated(const mu::ParserError& error) {
  const auto position = static_cast<std::size_t>(std::max(0, error.GetPos()));
  const auto& token = error.GetToken();
  switch (error.GetCode()) {
    case mu::ecUNASSIGNABLE_TOKEN:
    case mu::ecUNEXPECTED_STR: return {fmt::format("\"{}\" is not known here", token), position};
    case mu::ecEMPTY_EXPRESSION: return {"the formula is empty", 0};
    case mu::ecUNEXPECTED_EOF: return {"the formula ends too early", position};
    case mu::ecMISSING_PARENS: return {"a closing parenthesis is missing", position};
    case mu::ecUNEXPECTED_PARENS: return {fmt::format("the parenthesis \"{}\" does not belong here", token), position};
    case mu::ecUNEXPECTED_OPERATOR: return {fmt::format("the operator \"{}\" does not belong here", token), position};
    case mu::ecTOO_MANY_PARAMS: return {fmt::format("too many arguments for \"{}\"", token), position};
    case mu::ecTOO_FEW_PARAMS: return {fmt::format("too few arguments for \"{}\"", token), position};
    default: return {error.GetMsg(), position};
  }
}

}  // namespace

struct Formula::Compiled {
  std::vector<std::string> used;
  std::vector<double> values;
  mu::Parser parser;
};

Formula::Formula(std::string_view text, std::vector<std::string> variables) : compiled_{std::make_shared<Compiled>()} {
  refuse_assignment(text);
  const auto names = variables_of(text);
  for (auto& name : variables) {
    if (std::find(names.begin(), names.end(), name) != names.end()) compiled_->used.push_back(std::move(name));
  }
  compiled_->values.resize(compiled_->used.size(), 1.0);
  try {
    for (std::size_t i = 0; i < compiled_->used.size(); ++i) {
      compiled_->parser.DefineVar(compiled_->used[i], &compiled_->values[i]);
    }
    compiled_->parser.SetExpr(std::string{text});
    int results = 0;
    compiled_->parser.Eval(results);
    if (results != 1) throw FormulaError{"a formula has one value; the comma separates two", text.find(',')};
  } catch (const mu::ParserError& error) {
    throw translated(error);
  }
}

const std::vector<std::string>& Formula::used() const { return compiled_->used; }

double Formula::operator()(std::span<const double> values) const {
  std::copy_n(values.begin(), std::min(values.size(), compiled_->values.size()), compiled_->values.begin());
  const double result = compiled_->parser.Eval();
  return std::isfinite(result) ? result : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::string> variables_of(std::string_view text) {
  try {
    mu::Parser parser;
    parser.SetExpr(std::string{text});
    std::vector<std::string> names;
    for (const auto& [name, value] : parser.GetUsedVar()) names.push_back(name);
    return names;
  } catch (const mu::ParserError& error) {
    throw translated(error);
  }
}

}  // namespace fettle::manipulation
