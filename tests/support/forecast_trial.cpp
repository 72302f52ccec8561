#include "support/forecast_trial.hpp"

#include "prognosis/milestones.hpp"
#include "prognosis/rise.hpp"

#include <algorithm>
#include <array>

namespace fettle::test {

double Forecast::share_of_wear(const Life& life) const {
  return to_hours(prognosis.made - life.onset) / to_hours(life.failure - life.onset);
}

bool Forecast::holds() const { return prognosis.low <= failure && (!prognosis.high || failure <= *prognosis.high); }

std::vector<Forecast> forecasts_of(prognosis::Forecaster& forecaster, const Life& life) {
  std::vector<Forecast> result;
  std::array<double, 5> newest{};
  std::size_t count = 0;
  for (const auto& update : life.updates) {
    newest.at(count++ % newest.size()) = update.index;
    ModeHealth health;
    health.time = update.time;
    health.index = update.index;
    const auto prognosis = forecaster.follow(health);
    if (!prognosis || prognosis->mid <= prognosis->made) continue;
    auto sorted = newest;
    std::ranges::sort(sorted);
    result.push_back({*prognosis, sorted[2], life.failure});
  }
  return result;
}

std::vector<Forecast> thinned(const std::vector<Forecast>& forecasts, std::size_t count) {
  if (forecasts.size() <= count) return forecasts;
  std::vector<Forecast> result;
  for (std::size_t each = 0; each < count; ++each) result.push_back(forecasts.at(each * forecasts.size() / count));
  return result;
}

std::vector<double> milestone_errors(const Life& life, Duration every) {
  using namespace prognosis;
  std::vector<double> errors;
  History history;
  Unrest unrest;
  Milestones milestones;
  Time last = life.updates.front().time - every;
  for (const auto& update : life.updates) {
    const double hours = to_hours(update.time - life.updates.front().time);
    history.add(static_cast<std::int32_t>(hours * 3600), update.index);
    const double level = line_at(history.newest(5).view(), 0, 0);
    const bool open = milestones.is_waiting();
    if (!open) unrest.observe(to_hours(update.time - last), level);
    last = update.time;
    if (level >= 1 || !unrest.is_known()) continue;
    if (milestones.is_reached(level)) errors.push_back(milestones.reach(hours, to_hours(every)));
    const auto rise = find_rise(history, unrest, {hours, level}, open ? to_stay : to_open);
    if (!rise || milestones.is_waiting()) continue;
    milestones.expect(hours, level, rise->courses.hours_between(level, level + Milestones::step));
  }
  return errors;
}

}  // namespace fettle::test
