#include "detection/peaks.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::detection {
namespace {

constexpr std::uint64_t window = 120;
constexpr double margin = 1.05;

}  // namespace

bool Peaks::stands_out(double value) {
  while (size_ > 0 && marks_.front().number + window < number_) drop_front();
  const bool higher = value > margin * (size_ > 0 ? marks_.front().value : 0);
  while (size_ > 0 && marks_[size_ - 1].value <= value) --size_;
  if (size_ < room) marks_[size_++] = {number_, value};
  ++number_;
  return higher;
}

void Peaks::drop_front() {
  std::shift_left(marks_.begin(), marks_.begin() + static_cast<std::ptrdiff_t>(size_), 1);
  --size_;
}

void Peaks::save(StateWriter& writer) const {
  writer.put(marks_);
  writer.put(static_cast<std::uint64_t>(size_));
  writer.put(number_);
}

bool Peaks::restore(StateReader& reader) {
  std::uint64_t size = 0;
  reader.get(marks_);
  reader.get(size);
  reader.get(number_);
  const bool finite =
      std::all_of(marks_.begin(), marks_.end(), [](const Mark& mark) { return std::isfinite(mark.value); });
  if (!reader.ok() || size > room || !finite) return false;
  size_ = static_cast<std::size_t>(size);
  return true;
}

}  // namespace fettle::detection
