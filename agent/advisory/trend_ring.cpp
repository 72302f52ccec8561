#include "advisory/trend_ring.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace fettle::advisory {

void TrendRing::add(Time time, double value) {
  if (means_.capacity() < capacity) means_.reserve(capacity);
  // After a clock that was set back, what lies in the future is worth nothing.
  if (time < first_) means_.clear();
  if (means_.empty()) first_ = time;
  // A machine that stood still for longer than the whole ring shows nothing of value before that.
  if (time - first_ > 2 * static_cast<std::int64_t>(capacity) * longest_step_) {
    means_.clear();
    first_ = time;
  }
  while (static_cast<std::size_t>((time - first_) / step_) >= capacity) make_room();
  if (means_.empty()) first_ = time;
  const auto at = static_cast<std::size_t>((time - first_) / step_);
  if (at >= means_.size()) means_.resize(at + 1);
  means_[at].sum += value;
  ++means_[at].count;
}

void TrendRing::make_room() {
  if (step_ >= longest_step_) {
    if (!means_.empty()) means_.erase(means_.begin());
    first_ += step_;
    return;
  }
  for (std::size_t at = 0; at < means_.size(); ++at) {
    const Mean mean = std::exchange(means_[at], Mean{});
    means_[at / 2].sum += mean.sum;
    means_[at / 2].count += mean.count;
  }
  means_.resize((means_.size() + 1) / 2);
  step_ *= 2;
}

std::vector<double> TrendRing::values() const {
  std::vector<double> result;
  result.reserve(means_.size());
  for (const auto& mean : means_) {
    result.push_back(mean.count == 0 ? std::numeric_limits<double>::quiet_NaN() : mean.sum / mean.count);
  }
  return result;
}

double TrendRing::coverage() const {
  if (means_.empty()) return 0;
  const auto filled = std::count_if(means_.begin(), means_.end(), [](const Mean& mean) { return mean.count > 0; });
  return static_cast<double>(filled) / static_cast<double>(means_.size());
}

void TrendRing::save(StateWriter& writer) const {
  writer.put(step_);
  writer.put(first_);
  writer.put(means_);
}

bool TrendRing::restore(StateReader& reader) {
  Duration step{};
  Time first{};
  std::vector<Mean> means;
  reader.get(step);
  reader.get(first);
  reader.get(means);
  if (!reader.ok() || means.size() > capacity || step.count() <= 0) return false;
  step_ = step;
  first_ = first;
  means_ = std::move(means);
  return true;
}

}  // namespace fettle::advisory
