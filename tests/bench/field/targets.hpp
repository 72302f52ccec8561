#pragma once

#include <string>
#include <vector>

namespace fettle::bench {

/// What was aimed at and what came out; printed as it is found, and once more at the end where it fell short.
class Targets {
 public:
  /// A figure that has to be at least, or at most, `target`.
  void at_least(const std::string& what, double figure, double target);
  void at_most(const std::string& what, double figure, double target);

  /// Prints the misses; true if there are none.
  bool summarise() const;

 private:
  void note(const std::string& what, double figure, const char* relation, double target, bool met);

  int met_ = 0;
  std::vector<std::string> missed_;
};

}  // namespace fettle::bench
