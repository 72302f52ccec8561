#include "detection/context_table.hpp"

#include <algorithm>

namespace fettle::detection {

std::uint16_t& ContextTable::begin(Row& row, std::uint16_t tag) {
  auto place = std::find(row.tags.begin(), row.tags.end(), 0) - row.tags.begin();
  if (place == row_size) place = std::min_element(row.counts.begin(), row.counts.end()) - row.counts.begin();
  row.tags[static_cast<std::size_t>(place)] = tag;
  return row.counts[static_cast<std::size_t>(place)] = 0;
}

void ContextTable::halve() {
  for (auto& each : slots_) {
    for (auto& count : each.counts) count = static_cast<std::uint16_t>((count + 1) / 2);
  }
}

}  // namespace fettle::detection
