// Makes the table of error quantiles of the forecaster theil_sen from simulated lives, and measures with other seeds what the
// committed table is worth. Usage: forecast_calibration [lives per law, default 500]
#include "core/registry.hpp"
#include "forecast_tally.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <random>

namespace fettle::test {
namespace {

using prognosis::Forecaster;

constexpr std::uint64_t table_seed = 20260101;
constexpr std::uint64_t trial_seed = 77;

double share_of(double part, double whole) { return part / whole; }

std::unique_ptr<Forecaster> make_forecaster(Duration every) {
  constexpr Duration far = std::chrono::hours{24 * 365 * 25};  ///< four of it are the longest that a forecast reaches
  return Registry<Forecaster>::instance().find("theil_sen")->make({"bench", every, far});
}

Tally run_lives(WearLaw law, int lives, std::mt19937_64& random) {
  Tally tally;
  for (int life = 0; life < lives; ++life) {
    const auto plan = random_plan(law, random);
    const auto simulated = simulate(plan, random);
    const auto forecaster = make_forecaster(plan.every);
    tally.add(plan, simulated, forecasts_of(*forecaster, simulated));
  }
  return tally;
}

void print_table(const Tally& tally) {
  fmt::print("\nTable for factory_errors.hpp: index, quantiles 0.1 and 0.9   (median, count)\n");
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    const auto correction = correction_of(tally.misses, bucket);
    const auto& now = prognosis::factory_errors.at(bucket);
    fmt::print("    {{{:.2f}, {:.2f}, {:.2f}}},   ({:.2f}, {})\n", now.index, now.low * correction.low,
               now.high * correction.high, correction.median, tally.given.at(bucket));
  }
}

void print_worth(std::string_view name, const Tally& tally) {
  std::string per_bucket;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket)
    per_bucket += fmt::format(" {:.2f}", share_of(tally.held.at(bucket), tally.given.at(bucket)));
  std::string within;
  for (std::size_t at = 0; at < shares.size(); ++at)
    within += fmt::format(" {:.2f}", share_of(tally.close.at(at), tally.asked.at(at)));
  const auto held = std::accumulate(tally.held.begin(), tally.held.end(), 0);
  fmt::print("{:<12} {:>4}/{:<4} {:>6} {:>8.3f} {} {:>6.1f} {:>7.2f} {:>6.2f} {} {:>6.2f} {:>5.2f}\n", name,
             tally.announced, tally.lives, tally.misses.size(),
             share_of(held, static_cast<double>(tally.misses.size())), per_bucket, std::exp(quantile(tally.width, 0.5)),
             quantile(tally.relative, 0.5), quantile(tally.late_relative, 0.5), within,
             quantile(tally.first_index, 0.5), quantile(tally.first_lead, 0.5));
}

void print_odds(const Tally& tally) {
  fmt::print("\nOdds of a failure within 7 and 30 days, by fifths: told, came true (count)\n");
  for (std::size_t fifth = 0; fifth < tally.told.size(); ++fifth) {
    const double count = tally.counted.at(fifth);
    fmt::print("  {:.2f} {:.2f} ({:.0f})\n", tally.told.at(fifth) / count, tally.came.at(fifth) / count, count);
  }
}

/// What becomes of lives whose law the table does not know: it is made from the other laws alone.
void print_left_out(const std::vector<Tally>& made_from, const std::vector<Tally>& tried_on) {
  fmt::print("\nInterval of a table made without that law:");
  for (std::size_t law = 0; law < made_from.size(); ++law) {
    std::vector<Miss> others;
    for (std::size_t other = 0; other < made_from.size(); ++other) {
      const auto& misses = made_from.at(other).misses;
      if (other != law) others.insert(others.end(), misses.begin(), misses.end());
    }
    std::array<Correction, buckets> corrections;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) corrections.at(bucket) = correction_of(others, bucket);
    const auto& misses = tried_on.at(law).misses;
    const auto holds = [&corrections](const Miss& miss) {
      const auto& by = corrections.at(miss.bucket);
      return miss.low * by.low <= miss.error && miss.error <= miss.high * by.high;
    };
    const auto held = static_cast<double>(std::ranges::count_if(misses, holds));
    fmt::print(" {} {:.2f}", name_of(wear_laws.at(law)), held / static_cast<double>(misses.size()));
  }
  fmt::print("\n");
}

/// How far milestones are missed over simulated lives: Milestones::usual.
double usual_miss(int lives) {
  std::mt19937_64 random{table_seed};
  double squares = 0;
  double count = 0;
  for (const auto law : wear_laws) {
    for (int life = 0; life < lives; ++life) {
      const auto plan = random_plan(law, random);
      for (const double error : milestone_errors(simulate(plan, random), plan.every)) {
        squares += error * error;
        count += 1;
      }
    }
  }
  return std::sqrt(squares / count);
}

/// Counts the episodes in which an index that only fluctuates is said to rise.
void print_false(std::string_view name, Disturbance disturbance, int every_hours, int months) {
  std::mt19937_64 random{trial_seed};
  LifePlan plan;
  plan.law = WearLaw::none;
  plan.every = std::chrono::hours{every_hours};
  plan.healthy = std::chrono::hours{24 * 365};
  plan.wear = plan.every;
  plan.disturbance = disturbance;
  int episodes = 0;
  int assets = 0;
  for (; assets * 12 < months; ++assets) {
    const auto life = simulate(plan, random);
    const auto forecaster = make_forecaster(plan.every);
    const auto given = forecasts_of(*forecaster, life);
    Time previous{};
    for (const auto& each : given) {
      if (each.prognosis.made - previous > std::chrono::hours{72}) ++episodes;
      previous = each.prognosis.made;
    }
  }
  fmt::print("{:<44} every {:>2} h: {:>3} episodes in {} asset-months\n", name, every_hours, episodes, assets * 12);
}

void print_all_false() {
  fmt::print("\nWithout wear, a year an asset:\n");
  for (const int every : {1, 6, 24}) {
    print_false("white 0.1", {.white = 0.1, .outliers = 0.01, .dropouts = 0.02}, every, 600);
    print_false("AR(1) 0.9, 0.1", {.slow = 0.1, .outliers = 0.01}, every, 600);
    print_false("daily 0.1, white 0.05", {.white = 0.05, .daily = 0.1, .outliers = 0.01}, every, 600);
    print_false("daily 0.06, weekly 0.06, white 0.05, nights",
                {.white = 0.05, .daily = 0.06, .weekly = 0.06, .outliers = 0.01, .nights_off = every < 24}, every, 600);
    print_false("offset 0.15, AR(1) 0.9 0.1", {.slow = 0.1, .offset = 0.15, .outliers = 0.01}, every, 600);
    print_false("offset 0.2, daily 0.1, white 0.05", {.white = 0.05, .daily = 0.1, .offset = 0.2}, every, 600);
  }
}

/// The tally of each law, and all together.
std::vector<Tally> tallies_of(std::uint64_t seed, int lives, Tally& all) {
  std::mt19937_64 random{seed};
  std::vector<Tally> tallies;
  for (const auto law : wear_laws) {
    tallies.push_back(run_lives(law, lives, random));
    all.join(tallies.back());
  }
  return tallies;
}

int run(int lives) {
  fmt::print(
      "{} lives a law; updates every 1, 6 or 24 h, 60-1500 of them healthy, 48-600 of wear; white noise 0.01-0.1,\n"
      "AR(1) up to 0.05, daily and weekly ripple up to 0.06, 1 % outliers, 2 % dropouts, some nights and weekends "
      "off;\nthe end within 0.1 about the limit (standard deviation), 30 % never at 0\n",
      lives);
  Tally table;
  const auto made_from = tallies_of(table_seed, lives, table);
  print_table(table);
  fmt::print("Milestones are missed by {:.2f}\n", usual_miss(lives));
  fmt::print("\nThe committed table on other seeds (late: second half of the time from the first prognosis):\n");
  fmt::print("{:<12} {:>9} {:>6} {:>8}  {:<24} {:>6} {:>7} {:>6}  {:<19} {:>6} {:>5}\n", "law", "announced", "count",
             "coverage", "per bucket", "width", "median", "late", "within 30 % at .25..", "first", "lead");
  Tally all;
  const auto tried_on = tallies_of(trial_seed, lives, all);
  for (std::size_t law = 0; law < wear_laws.size(); ++law) print_worth(name_of(wear_laws.at(law)), tried_on.at(law));
  print_worth("all", all);
  fmt::print(
      "\nStraight wear, late, by who knows its rate and level exactly, but not at which index it fails: {:.2f}\n",
      quantile(all.least_relative, 0.5));
  print_left_out(made_from, tried_on);
  print_odds(all);
  print_all_false();
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace fettle::test

int main(int argc, char** argv) { return fettle::test::run(argc > 1 ? std::atoi(argv[1]) : 500); }
