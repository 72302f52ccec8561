#include "support/forecast_trial.hpp"

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

}  // namespace fettle::test
