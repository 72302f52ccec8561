#include "forecast_tally.hpp"

#include "advisory/failure_odds.hpp"
#include "prognosis/ending.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fettle::test {
namespace {

constexpr std::size_t per_life = 20;

std::size_t bucket_of(double level) {
  return static_cast<std::size_t>(&prognosis::errors_at(level) - prognosis::factory_errors.data());
}

Miss miss_of(const Forecast& forecast) {
  const auto hours = [&forecast](Time at) { return std::max(0.01, to_hours(at - forecast.prognosis.made)); };
  const double mid = hours(forecast.prognosis.mid);
  const auto& high = forecast.prognosis.high;
  const double open = std::numeric_limits<double>::infinity();
  return {bucket_of(forecast.level), std::log(std::max(0.01, forecast.actual_hours()) / mid),
          std::log(hours(forecast.prognosis.low) / mid), high ? std::log(hours(*high) / mid) : open};
}

double least_error(const LifePlan& plan, double share) {
  const double level = plan.sound + (plan.failing - plan.sound) * share;
  return std::abs((prognosis::ending_beyond(level).mid - level) / (plan.failing - level) - 1);
}

void append(std::vector<double>& to, const std::vector<double>& from) { to.insert(to.end(), from.begin(), from.end()); }

template <class Numbers>
void sum(Numbers& to, const Numbers& from) {
  for (std::size_t at = 0; at < to.size(); ++at) to.at(at) += from.at(at);
}

}  // namespace

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(values);
  return values.at(static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
}

Correction correction_of(const std::vector<Miss>& misses, std::size_t bucket) {
  std::vector<double> errors;
  std::vector<double> lows;
  std::vector<double> highs;
  for (const auto& each : misses) {
    if (each.bucket != bucket) continue;
    errors.push_back(each.error);
    lows.push_back(each.error / std::min(-0.01, each.low));
    highs.push_back(each.error / std::max(0.01, each.high));
  }
  return {quantile(errors, 0.5), quantile(lows, 0.9), quantile(highs, 0.9)};
}

void Tally::add(const LifePlan& plan, const Life& life, const std::vector<Forecast>& forecasts) {
  ++lives;
  if (forecasts.empty()) return;
  ++announced;
  first_index.push_back(forecasts.front().level);
  first_lead.push_back(forecasts.front().actual_hours() / to_hours(life.failure - life.onset));
  for (const auto& each : thinned(forecasts, per_life)) {
    const auto miss = miss_of(each);
    misses.push_back(miss);
    ++given.at(miss.bucket);
    held.at(miss.bucket) += static_cast<int>(each.holds());
    width.push_back(miss.high - miss.low);
    relative.push_back(std::abs(1 - std::exp(-miss.error)));
    if (each.actual_hours() <= forecasts.front().actual_hours() / 2) {
      late_relative.push_back(relative.back());
      if (plan.law == WearLaw::linear) least_relative.push_back(least_error(plan, each.share_of_wear(life)));
    }
    for (const double days : {7, 30}) compare_odds(each, days * 24);
  }
  ask_at_shares(forecasts);
}

void Tally::compare_odds(const Forecast& each, double hours) {
  const auto from_now = [&each](Time at) { return to_hours(at - each.prognosis.made); };
  TimeToFailure forecast{from_now(each.prognosis.low), from_now(each.prognosis.mid), std::nullopt};
  if (const auto& high = each.prognosis.high) forecast.high = from_now(*high);
  const double odds = advisory::odds_within(hours, forecast);
  const auto fifth = std::min<std::size_t>(4, static_cast<std::size_t>(odds * 5));
  told.at(fifth) += odds;
  came.at(fifth) += static_cast<double>(each.actual_hours() <= hours);
  counted.at(fifth) += 1;
}

/// Alpha-lambda: is the estimate within 30 % of the truth after a share of the time from the first prognosis to the failure?
void Tally::ask_at_shares(const std::vector<Forecast>& forecasts) {
  const double whole = forecasts.front().actual_hours();
  for (std::size_t at = 0; at < shares.size(); ++at) {
    const auto found = std::ranges::find_if(
        forecasts, [&](const Forecast& each) { return each.actual_hours() <= (1 - shares.at(at)) * whole; });
    if (found == forecasts.end()) continue;
    ++asked.at(at);
    close.at(at) += static_cast<int>(std::abs(found->estimated_hours() / found->actual_hours() - 1) <= 0.3);
  }
}
void Tally::join(const Tally& other) {
  misses.insert(misses.end(), other.misses.begin(), other.misses.end());
  append(relative, other.relative);
  append(late_relative, other.late_relative);
  append(least_relative, other.least_relative);
  append(width, other.width);
  append(first_index, other.first_index);
  append(first_lead, other.first_lead);
  sum(held, other.held);
  sum(given, other.given);
  sum(close, other.close);
  sum(asked, other.asked);
  sum(told, other.told);
  sum(came, other.came);
  sum(counted, other.counted);
  lives += other.lives;
  announced += other.announced;
}

}  // namespace fettle::test
