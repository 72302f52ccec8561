#include "detection/running_median.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::detection {

void RunningMedian::learn(double value) {
  if (count_ < markers) {
    heights_[static_cast<std::size_t>(count_++)] = value;
    if (count_ == markers) std::sort(heights_.begin(), heights_.end());
    return;
  }
  ++count_;
  heights_.front() = std::min(heights_.front(), value);
  heights_.back() = std::max(heights_.back(), value);
  for (std::size_t marker = 1; marker < markers; ++marker) {
    if (marker + 1 == markers || value < heights_[marker]) ++places_[marker];
  }
  for (std::size_t marker = 1; marker + 1 < markers; ++marker) adjust(marker);
}

/// Moves a marker by one place if it is that far from where it should be.
void RunningMedian::adjust(std::size_t marker) {
  const double wanted = 1 + static_cast<double>(count_ - 1) * static_cast<double>(marker) / (markers - 1);
  const double away = wanted - places_[marker];
  const bool up = away >= 1 && places_[marker + 1] - places_[marker] > 1;
  const bool down = away <= -1 && places_[marker - 1] - places_[marker] < -1;
  if (!up && !down) return;
  const double step = up ? 1 : -1;
  const double height = parabolic(marker, step);
  const bool in_order = heights_[marker - 1] < height && height < heights_[marker + 1];
  heights_[marker] = in_order ? height : linear(marker, step);
  places_[marker] += step;
}

double RunningMedian::parabolic(std::size_t marker, double step) const {
  const double before = places_[marker] - places_[marker - 1], after = places_[marker + 1] - places_[marker];
  const double rise = (heights_[marker + 1] - heights_[marker]) / after;
  const double fall = (heights_[marker] - heights_[marker - 1]) / before;
  return heights_[marker] + step / (before + after) * ((before + step) * rise + (after - step) * fall);
}

double RunningMedian::linear(std::size_t marker, double step) const {
  const auto next = step > 0 ? marker + 1 : marker - 1;
  return heights_[marker] + step * (heights_[next] - heights_[marker]) / (places_[next] - places_[marker]);
}

void RunningMedian::save(StateWriter& writer) const {
  writer.put(heights_);
  writer.put(places_);
  writer.put(count_);
}

bool RunningMedian::restore(StateReader& reader) {
  reader.get(heights_);
  reader.get(places_);
  reader.get(count_);
  const bool finite = std::all_of(heights_.begin(), heights_.end(), [](double each) { return std::isfinite(each); });
  const bool in_order = count_ < markers || std::is_sorted(heights_.begin(), heights_.end());
  const bool apart = std::adjacent_find(places_.begin(), places_.end(), std::greater_equal{}) == places_.end();
  return reader.ok() && finite && in_order && apart;
}

}  // namespace fettle::detection
