#include "advisory/trust.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace fettle::advisory {
namespace {

constexpr double right_before = 4, wrong_before = 1;  ///< Beta(4, 1)
constexpr Duration half_life = Days{365};
constexpr double believed_from = 0.7;
constexpr double evidence_for_nothing_found = 0.5;
constexpr double most_evidence = 2;  ///< ten visits for nothing are no reason to miss a wreck
constexpr Duration remembered = Days{90};
constexpr std::size_t most_visits = 256;  ///< of a class and mode; older ones weigh nothing

/// How right a verdict says the alert was; nothing where it says nothing about that.
std::optional<double> rightness(Conclusion verdict) {
  switch (verdict) {
    case Conclusion::confirmed: return 1;
    case Conclusion::wrong_mode: return 0.5;  // worth the visit, but the wrong parts in the van
    case Conclusion::no_fault_found:
    case Conclusion::false_alarm: return 0;
    case Conclusion::duplicate:
    case Conclusion::self_cleared:
    case Conclusion::expired: return std::nullopt;
  }
  return std::nullopt;
}

/// A visit that the clock puts into the future is as fresh as can be.
Duration age(Time now, Time at) { return std::max(Duration{0}, now - at); }

}  // namespace

void Trust::learn(std::string_view asset, std::string_view asset_class, std::string_view mode, Conclusion verdict,
                  Time at) {
  const auto right = rightness(verdict);
  if (!right) return;
  auto& visits = visits_[std::string{asset_class}][std::string{mode}];
  const auto later = std::find_if(visits.begin(), visits.end(), [at](const Visit& each) { return each.at > at; });
  visits.insert(later, {std::string{asset}, at, *right});
  if (visits.size() > most_visits) visits.erase(visits.begin());
}

Standing Trust::standing(Time now, std::string_view asset, std::string_view asset_class, std::string_view mode) const {
  const auto& all = visits(asset_class, mode);
  const auto in_vain = std::count_if(all.begin(), all.end(), [now, asset](const Visit& each) {
    return each.asset == asset && each.right == 0 && age(now, each.at) < remembered;
  });
  const double extra = evidence_for_nothing_found * static_cast<double>(in_vain);
  return {std::min(most_evidence, extra), precision(now, asset_class, mode) < believed_from};
}

double Trust::precision(Time now, std::string_view asset_class, std::string_view mode) const {
  double right = right_before;
  double all = right_before + wrong_before;
  for (const auto& visit : visits(asset_class, mode)) {
    const double weight = std::exp2(-to_hours(age(now, visit.at)) / to_hours(half_life));
    right += weight * visit.right;
    all += weight;
  }
  return right / all;
}

const std::vector<Trust::Visit>& Trust::visits(std::string_view asset_class, std::string_view mode) const {
  static const std::vector<Visit> none;
  const auto modes = visits_.find(asset_class);
  if (modes == visits_.end()) return none;
  const auto found = modes->second.find(mode);
  return found == modes->second.end() ? none : found->second;
}

}  // namespace fettle::advisory
