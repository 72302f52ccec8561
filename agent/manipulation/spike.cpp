#include "manipulation/spike.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fettle::manipulation {
namespace {

constexpr std::uint16_t enough = 100;  ///< values, before anything is doubted
constexpr float noise_factor = 12;     ///< a spike stands out of the noise by so many usual differences
constexpr float credit_each = 5e-4F;
constexpr float median_step = 1.02F;         ///< by which a running median follows
constexpr double fading = 40.0 * 24 * 3600;  ///< seconds in which the farthest move shrinks to a third
/// Differences and sums of these stay finite.
constexpr double largest = 1e30;

}  // namespace

float Spike::distance(float value) const {
  const auto [low, high] = std::minmax_element(recent_.begin(), recent_.end());
  return std::max({0.0F, *low - value, value - *high});
}

float Spike::limit(const Nature& nature) const {
  const auto factor = static_cast<float>(nature.spike_factor);
  auto floor = static_cast<float>(nature.spike_floor);
  // Without a floor of its own, a quantity has to leap by as much as it was: that is no matter of one usual step.
  if (floor == 0) floor = std::max(std::abs(recent_.front()), std::abs(recent_.back()));
  return std::max({floor, noise_factor * usual_, factor * farthest_});
}

void Spike::learn(float moved, float difference) {
  farthest_ = std::max(farthest_, moved);
  if (usual_ == 0) usual_ = difference;
  usual_ = difference > usual_ ? usual_ * median_step : usual_ / median_step;
  constexpr float least = 1e-3F;
  usual_ = std::max(usual_, least * farthest_);
}

void Spike::believe(float value, float moved) {
  if (known_ == recent_.size()) {
    learn(moved, std::abs(value - recent_.back()));
  } else {
    ++known_;
    if (known_ == 1) recent_.fill(value);
  }
  std::shift_left(recent_.begin(), recent_.end(), 1);
  recent_.back() = value;
  doubting_ = 0;
  if (seen_ < enough) ++seen_;
  credit_ = std::min(most_credit, credit_ + credit_each);
}

bool Spike::fits(Duration interval, double value, const Nature& nature) {
  if (nature.spike_factor == 0) return true;
  const auto now = static_cast<float>(std::clamp(value, -largest, largest));
  const std::chrono::duration<double> span = interval;
  farthest_ *= static_cast<float>(1 - span.count() / fading);
  const auto moved = known_ == 0 ? 0.0F : distance(now);
  const bool is_ready = seen_ == enough && known_ == recent_.size();
  if (!is_ready || moved <= limit(nature)) {
    believe(now, moved);
    return true;
  }
  const bool agrees = doubting_ != 0 && std::abs(now - doubt_) <= moved / 2;
  if (agrees || credit_ < 1) {
    believe(now, moved);
    if (agrees) recent_.fill(now);  // a step: what was before it is over
    return true;
  }
  credit_ -= 1;
  doubt_ = now;
  doubting_ = 1;
  return false;
}

void Spike::save(StateWriter& writer) const {
  writer.put(usual_);
  writer.put(farthest_);
  writer.put(credit_);
  writer.put(seen_);
}

bool Spike::restore(StateReader& reader) {
  Spike read;
  reader.get(read.usual_);
  reader.get(read.farthest_);
  reader.get(read.credit_);
  reader.get(read.seen_);
  const auto is_sound = [](float number) { return number >= 0 && std::isfinite(number); };
  const bool fits = reader.ok() && is_sound(read.usual_) && is_sound(read.farthest_) && is_sound(read.credit_) &&
                    read.credit_ <= most_credit && read.seen_ <= enough;
  if (fits) *this = read;
  return fits;
}

}  // namespace fettle::manipulation
