#include "detection/logarithm.hpp"

#include <cmath>

namespace fettle::detection {
namespace {

auto make_table() {
  std::array<double, log2_table.size()> table{};
  constexpr double last = table.size() - 1;
  for (std::size_t place = 0; place < table.size(); ++place)
    table[place] = std::log2(1 + static_cast<double>(place) / last);
  return table;
}

}  // namespace

const std::array<double, (1U << log2_digits) + 1> log2_table = make_table();

}  // namespace fettle::detection
