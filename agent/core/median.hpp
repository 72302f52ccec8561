#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace fettle {

/// Median of some numbers, of an even count the mean of the middle two; 0 of none. They are put into another order.
inline double median_in_place(std::span<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace fettle
