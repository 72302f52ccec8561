#include "core/clock.hpp"

#include <algorithm>

namespace fettle {

Time DomainClock::now() const {
  if (!start_) return std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - epoch_;
  return *start_ + std::chrono::floor<Duration>(elapsed * speed_);
}

Time DomainClock::at(std::chrono::steady_clock::time_point moment) const {
  if (!start_) {
    const auto age = std::chrono::steady_clock::now() - moment;
    return std::chrono::floor<Duration>(std::chrono::system_clock::now() - age);
  }
  const std::chrono::duration<double, std::milli> elapsed = moment - epoch_;
  return *start_ + std::chrono::floor<Duration>(elapsed * speed_);
}

std::chrono::nanoseconds DomainClock::real(Duration span) const {
  const std::chrono::duration<double, std::nano> real = span / speed_;
  return std::max(std::chrono::nanoseconds{0}, std::chrono::ceil<std::chrono::nanoseconds>(real));
}

}  // namespace fettle
