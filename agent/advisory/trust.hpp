#pragma once

#include "core/verdicts.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::advisory {

/// How much a finding is believed at this moment.
struct Standing {
  double extra_evidence = 0;  ///< that is wanted beyond the usual; limits that nobody learned are not concerned
  bool doubted = false;       ///< too often wrong to send anybody for it
};

/// What technicians found teaches which alerts to believe. Each failure mode of a class of equipment has a precision, at first as
/// good as four right calls out of five, that verdicts move and that a year forgets by half. Nothing found at one machine makes this
/// mode of this machine harder to raise for 90 days. It has no state of its own: it is made of the outcomes in the journal.
class Trust {
 public:
  void learn(std::string_view asset, std::string_view asset_class, std::string_view mode, Conclusion verdict, Time at);

  Standing standing(Time now, std::string_view asset, std::string_view asset_class, std::string_view mode) const;
  /// Expected share of this mode's alerts that are right.
  double precision(Time now, std::string_view asset_class, std::string_view mode) const;

 private:
  struct Visit {
    std::string asset;
    Time at{};
    double right = 0;  ///< 1 right, 0 wrong
  };
  using ByMode = std::map<std::string, std::vector<Visit>, std::less<>>;

  const std::vector<Visit>& visits(std::string_view asset_class, std::string_view mode) const;

  std::map<std::string, ByMode, std::less<>> visits_;  ///< by class
};

}  // namespace fettle::advisory
