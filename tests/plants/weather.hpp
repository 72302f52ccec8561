#pragma once

#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// The clock on the building's wall, which shows summer time all year.
Time building_time(Time now);
double hour_of_day(Time local);
bool is_weekend(Time local);

/// Central European weather with the building's people in it: seasons, days, passing fronts, dusty and rainy days, weekends.
class Weather {
 public:
  explicit Weather(std::uint64_t seed) : noise_{seed} {}

  void step(Time now, Duration span);
  const Surroundings& now() const { return now_; }

 private:
  Noise noise_;
  Wander front_{2.6, std::chrono::hours{60}};
  Wander dust_{0.4, std::chrono::hours{36}};
  Wander crowd_{0.06, std::chrono::hours{3}};
  Surroundings now_;
};

}  // namespace fettle::plants
