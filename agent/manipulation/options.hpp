#pragma once

#include "manipulation/feature.hpp"

#include <initializer_list>
#include <string_view>

namespace fettle::manipulation {

/// An option of `with:`, and what it may be.
struct Option {
  std::string_view name;
  double usual = 0, lowest = 0, highest = 0;
};

/// What was chosen, or what is usual; throws std::invalid_argument outside of what it may be.
double chosen(const FeatureSettings& settings, const Option& option);

/// Throws std::invalid_argument for an option that is none of these.
void refuse_other_options(const FeatureSettings& settings, std::initializer_list<Option> known);

}  // namespace fettle::manipulation
