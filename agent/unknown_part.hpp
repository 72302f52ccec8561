#pragma once

#include "core/registry.hpp"
#include "settings/nearest.hpp"

#include <fmt/format.h>
#include <string>
#include <string_view>
#include <vector>

namespace fettle {

/// "there is no detector "rnage" (did you mean "range"?)"; empty if such a part is registered. `kind` is the word for one.
template <class Part>
std::string unknown_part(std::string_view kind, std::string_view name) {
  const auto& registry = Registry<Part>::instance();
  if (registry.find(name) != nullptr) return {};
  std::vector<std::string> names;
  for (const auto& entry : registry.entries()) names.push_back(entry.first);
  return fmt::format("there is no {} \"{}\"{}", kind, name, settings::hint(name, names, "there are"));
}

}  // namespace fettle
