#include "manipulation/options.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <stdexcept>

namespace fettle::manipulation {

double chosen(const FeatureSettings& settings, const Option& option) {
  const auto found = settings.options.find(std::string{option.name});
  if (found == settings.options.end()) return option.usual;
  if (found->second >= option.lowest && found->second <= option.highest) return found->second;
  throw std::invalid_argument{fmt::format("takes {} from {} to {} (such as `with: {{{}: {}}}`)", option.name,
                                          option.lowest, option.highest, option.name, option.usual)};
}

void refuse_other_options(const FeatureSettings& settings, std::initializer_list<Option> known) {
  for (const auto& [name, value] : settings.options) {
    const auto is_it = [&name](const Option& option) { return option.name == name; };
    if (std::any_of(known.begin(), known.end(), is_it)) continue;
    std::string all;
    for (const auto& option : known) all += fmt::format("{}{}", all.empty() ? "" : ", ", option.name);
    throw std::invalid_argument{all.empty() ? fmt::format("has no options (leave out \"{}\")", name)
                                            : fmt::format("has no option \"{}\" (it has {})", name, all)};
  }
}

}  // namespace fettle::manipulation
