#include "plants/weather.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

namespace fettle::plants {
namespace {

constexpr std::chrono::hours local_offset{2};

double wave(double phase) { return std::cos(2 * std::numbers::pi * phase); }

/// 0 before `from`, 1 after `to`, a straight line between.
double ramp(double hour, double from, double to) { return std::clamp((hour - from) / (to - from), 0.0, 1.0); }

double presence(Time local) {
  if (is_weekend(local)) return 0.06;
  const double hour = hour_of_day(local);
  const double lunch = 0.25 * ramp(hour, 11.5, 12.2) * (1 - ramp(hour, 12.8, 13.5));
  return 0.04 + 0.9 * ramp(hour, 6.5, 9) * (1 - ramp(hour, 16, 19)) - lunch;
}

double seasonal_mean(Time local) {
  const std::chrono::year_month_day date{std::chrono::floor<Days>(local)};
  const auto new_year = std::chrono::sys_days{date.year() / 1 / 1};
  return 10.2 + 9.6 * wave((in_days(local - new_year) - 200) / 365.25);
}

}  // namespace

Time building_time(Time now) { return now + local_offset; }

double hour_of_day(Time local) { return to_hours(local - std::chrono::floor<Days>(local)); }

bool is_weekend(Time local) {
  const std::chrono::weekday day{std::chrono::floor<Days>(local)};
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

void Weather::step(Time now, Duration span) {
  front_.step(noise_, span);
  dust_.step(noise_, span);
  crowd_.step(noise_, span);
  const Time local = building_time(now);
  const double daily = 4.8 * wave((hour_of_day(local) - 15.5) / 24);
  now_.time = now;
  now_.outdoor_temperature = seasonal_mean(local) + daily + front_.value();
  now_.wet_bulb = now_.outdoor_temperature - 3.5 - 0.35 * std::max(0.0, daily);
  now_.room_temperature = 22 + 0.25 * (now_.outdoor_temperature - 15);
  now_.dust = std::exp(dust_.value() - 0.1);
  now_.occupancy = std::clamp(presence(local) * (1 + crowd_.value()), 0.0, 1.0);
}

}  // namespace fettle::plants
