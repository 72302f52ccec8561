#include "field/targets.hpp"

#include <fmt/format.h>

namespace fettle::bench {

void Targets::at_least(const std::string& what, double figure, double target) {
  note(what, figure, "at least", target, figure >= target);
}

void Targets::at_most(const std::string& what, double figure, double target) {
  note(what, figure, "at most", target, figure <= target);
}

void Targets::note(const std::string& what, double figure, const char* relation, double target, bool met) {
  const auto line = fmt::format("{}: {:.4g}, wanted {} {:.4g}", what, figure, relation, target);
  fmt::print("  {} {}\n", met ? "met   " : "MISSED", line);
  std::fflush(stdout);
  if (met) {
    ++met_;
  } else {
    missed_.push_back(line);
  }
}

bool Targets::summarise() const {
  fmt::print("\n{} targets met, {} missed\n", met_, missed_.size());
  for (const auto& line : missed_) fmt::print("  MISSED {}\n", line);
  return missed_.empty();
}

}  // namespace fettle::bench
