#include "core/level.hpp"

#include <algorithm>

namespace fettle {
namespace {

constexpr bool fits(char letter) {
  return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
         letter == '_' || letter == '-';
}

}  // namespace

bool is_level(std::string_view text) {
  return !text.empty() && text.size() <= longest_level && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace fettle
