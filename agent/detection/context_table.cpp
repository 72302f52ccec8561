#include "detection/context_table.hpp"

#include <algorithm>

namespace fettle::detection {

std::uint16_t& ContextTable::count(std::uint64_t hash) {
  auto& [tags, counts] = slots_[hash & (slots_.size() - 1)];
  const auto tag = static_cast<std::uint16_t>((hash >> 48U) | 1U);
  auto place = std::find(tags.begin(), tags.end(), tag) - tags.begin();
  if (place == row) {
    place = std::find(tags.begin(), tags.end(), 0) - tags.begin();
    if (place == row) place = std::min_element(counts.begin(), counts.end()) - counts.begin();
    tags[static_cast<std::size_t>(place)] = tag;
    counts[static_cast<std::size_t>(place)] = 0;
  }
  return counts[static_cast<std::size_t>(place)];
}

void ContextTable::halve() {
  for (auto& each : slots_) {
    for (auto& count : each.counts) count = static_cast<std::uint16_t>((count + 1) / 2);
  }
}

}  // namespace fettle::detection
