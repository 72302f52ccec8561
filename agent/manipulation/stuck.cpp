#include "manipulation/stuck.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fettle::manipulation {
namespace {

constexpr std::uint16_t enough_days = 14, enough_changes = 500;
constexpr float day = 86'400, at_least = day / 4;
constexpr float factor = 3;
constexpr float fading = 0.9962F;      ///< a day: half in half a year
constexpr float small_move = 4;        ///< steps, with which a value moves on by nature
constexpr float step_growth = 1.001F;  ///< a change, so that one tiny difference is forgotten

}  // namespace

void Stuck::live(float span) {
  lived_ += span;
  stood_ += span;
  if (lived_ < day) return;
  lived_ -= day;
  if (days_ < std::numeric_limits<std::uint16_t>::max()) ++days_;
  longest_ *= fading;
  second_ *= fading;
}

void Stuck::learn(float stood) {
  second_ = std::max(second_, std::min(stood, longest_));
  longest_ = std::max(longest_, stood);
}

bool Stuck::can_tell(const Nature& nature) const {
  if (!nature.sticks || (nature.rests_at_zero && value_ == 0)) return false;
  return std::abs(value_) >= nature.least_resolution * static_cast<double>(step_);
}

void Stuck::change_to(double value) {
  const auto moved = static_cast<float>(std::min(std::abs(value - value_), 1e30));
  step_ = step_ == 0 ? moved : std::min(moved, step_ * step_growth);
  if (changes_ < enough_changes) ++changes_;
  value_ = value;
  stood_ = 0;
}

bool Stuck::fits(Duration interval, double value, const Nature& nature) {
  const std::chrono::duration<float> span = interval;
  live(span.count());
  if (!(value_ == value_)) {
    value_ = value;
    stood_ = 0;
    return true;
  }
  const bool judged = changes_ == enough_changes && days_ >= enough_days && can_tell(nature);
  const bool is_long = judged && stood_ > std::max(at_least, factor * second_);
  if (value == value_) return !is_long;
  // One that was stuck is mended with a leap; one that moves on by a step or two was only calm.
  const bool by_nature = !is_long || std::abs(value - value_) <= static_cast<double>(small_move * step_);
  if (by_nature && can_tell(nature)) learn(stood_);
  change_to(value);
  return true;
}

void Stuck::save(StateWriter& writer) const {
  writer.put(longest_);
  writer.put(second_);
  writer.put(step_);
  writer.put(changes_);
  writer.put(days_);
}

bool Stuck::restore(StateReader& reader) {
  Stuck read;
  reader.get(read.longest_);
  reader.get(read.second_);
  reader.get(read.step_);
  reader.get(read.changes_);
  reader.get(read.days_);
  const auto is_sound = [](float number) { return number >= 0 && std::isfinite(number); };
  const bool fits = reader.ok() && is_sound(read.longest_) && is_sound(read.second_) && is_sound(read.step_) &&
                    read.changes_ <= enough_changes;
  if (fits) *this = read;
  return fits;
}

}  // namespace fettle::manipulation
