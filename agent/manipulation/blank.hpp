#pragma once

#include <optional>

namespace fettle::manipulation {

/// Finds polls of a device in which its thermometers show nothing: two or more of them the very same number, exactly 0 or the end of their
/// range, and not because they were near it. That is what gateways send for sensors that do not answer them or are not connected yet.
class Blank {
 public:
  /// One thermometer's value, and what it showed before, if anything.
  void see(double value, const std::optional<double>& before);
  /// True if a thermometer with this value shows nothing.
  bool covers(double value) const;

 private:
  struct Seen {
    double value = 0;
    unsigned in_all = 0, from_far = 0;
  };

  Seen zero_;
  Seen low_;
};

}  // namespace fettle::manipulation
