#pragma once

#include "settings/node.hpp"

#include <string>
#include <vector>

namespace fettle::test {

/// As an operator sees them, in the order of the files.
inline std::vector<std::string> texts(settings::Mistakes mistakes) {
  mistakes.sort();
  std::vector<std::string> result;
  for (const auto& mistake : mistakes.all()) result.push_back(to_text(mistake));
  return result;
}

}  // namespace fettle::test
