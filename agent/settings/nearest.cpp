#include "settings/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <numeric>

namespace fettle::settings {
namespace {

/// Insertions, deletions and replacements that turn one word into the other.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const auto replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

constexpr std::size_t longest_word = 100;

/// How many slips of the finger a word may hold: in a short one, two of them make another word.
std::size_t farthest(std::string_view word) {
  constexpr std::size_t short_word = 3;
  if (word.size() <= short_word) return word.size() / 2;
  return std::max<std::size_t>(2, word.size() / 3);
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& words) {
  if (word.size() > longest_word) return std::nullopt;
  std::optional<std::string> best;
  auto closest = farthest(word) + 1;
  for (const auto& candidate : words) {
    const auto away = distance(word, candidate);
    if (away >= closest) continue;
    closest = away;
    best = candidate;
  }
  return best;
}

std::string hint(std::string_view word, const std::vector<std::string>& words, std::string_view otherwise) {
  if (const auto meant = nearest(word, words)) return fmt::format(" (did you mean \"{}\"?)", *meant);
  if (words.empty()) return {};
  return fmt::format(" ({} {})", otherwise, fmt::join(words, ", "));
}

}  // namespace fettle::settings
