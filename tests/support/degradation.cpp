#include "support/degradation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fettle::test {
namespace {

using std::chrono::hours;

constexpr std::size_t resolution = 400;

double uniform(std::mt19937_64& random, double low, double high) {
  return std::uniform_real_distribution<double>{low, high}(random);
}

double log_uniform(std::mt19937_64& random, double low, double high) {
  return std::exp(uniform(random, std::log(low), std::log(high)));
}

bool chance(std::mt19937_64& random, double share) { return uniform(random, 0, 1) < share; }

/// The increment of wear in the step that ends at `share` of the life; only its proportions count.
class Increments {
 public:
  Increments(WearLaw law, std::mt19937_64& random)
      : law_{law}, random_{random}, exponent_{uniform(random, 1.3, 3.5)}, rise_{uniform(random, 2.5, 4.5)} {}

  double at(double share) {
    switch (law_) {
      case WearLaw::linear: return 1;
      case WearLaw::power: return std::pow(share, exponent_ - 1);
      case WearLaw::exponential: return std::exp(rise_ * share);
      case WearLaw::steps:
        return chance(random_, 25.0 / resolution) ? std::exponential_distribution<double>{}(random_) : 0;
      case WearLaw::random_rate: return wandering_rate();
      case WearLaw::gamma: return std::gamma_distribution<double>{0.15, 1}(random_);
      case WearLaw::wiener: return 0;
      case WearLaw::none: return 0;
    }
    return 0;
  }

 private:
  /// A rate that keeps for about an eighth of the life, and varies by a factor of two.
  double wandering_rate() {
    constexpr double keeps = 0.98;
    log_rate_ = keeps * log_rate_ + std::sqrt(1 - keeps * keeps) * std::normal_distribution<double>{0, 0.7}(random_);
    return std::exp(log_rate_);
  }

  WearLaw law_;
  std::mt19937_64& random_;
  double exponent_, rise_;
  double log_rate_ = 0;
};

/// A random walk with drift until it first reaches 1. The square of its deviation over an average life is `diffusion`.
std::vector<double> wiener_path(std::mt19937_64& random) {
  constexpr double step = 1.0 / resolution;
  constexpr std::size_t longest = 10 * resolution;
  const double diffusion = log_uniform(random, 0.02, 0.4);
  std::normal_distribution<double> increment{step, std::sqrt(diffusion * step)};
  std::vector<double> path{0};
  while (path.back() < 1 && path.size() < longest) path.push_back(path.back() + increment(random));
  return path;
}

/// Wear from 0 to 1 at equal shares of the life.
std::vector<double> wear_path(WearLaw law, std::mt19937_64& random) {
  if (law == WearLaw::wiener) return wiener_path(random);
  Increments increments{law, random};
  std::vector<double> path{0};
  for (std::size_t step = 1; step <= resolution; ++step) {
    path.push_back(path.back() + increments.at(static_cast<double>(step) / resolution));
  }
  const double whole = path.back();
  if (whole > 0) std::ranges::for_each(path, [whole](double& each) { each /= whole; });
  return path;
}

double interpolated(const std::vector<double>& path, double share) {
  const double place = std::clamp(share * resolution, 0.0, static_cast<double>(path.size() - 1));
  const auto before = std::min(static_cast<std::size_t>(place), path.size() - 2);
  const double part = place - static_cast<double>(before);
  return path[before] * (1 - part) + path[before + 1] * part;
}

bool runs(const Disturbance& disturbance, Time time) {
  const auto day = std::chrono::floor<Days>(time);
  const auto clock = time - day;
  const std::chrono::weekday weekday{day};
  const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
  if (disturbance.weekends_off && weekend) return false;
  return !disturbance.nights_off || (clock >= hours{6} && clock < hours{18});
}

/// What is added to the true index, update by update.
class Noise {
 public:
  Noise(const Disturbance& disturbance, std::mt19937_64& random)
      : disturbance_{disturbance}, random_{random}, day_{uniform(random, 0, 1)}, week_{uniform(random, 0, 1)} {}

  double at(Time time) {
    const double days = to_hours(time.time_since_epoch()) / 24;
    const double memory = disturbance_.slow_memory;
    slow_ = memory * slow_ + std::sqrt(1 - memory * memory) * normal();
    double sum = disturbance_.offset + disturbance_.white * normal() + disturbance_.slow * slow_;
    sum += disturbance_.daily * std::sin(2 * std::numbers::pi * (days + day_));
    sum += disturbance_.weekly * std::sin(2 * std::numbers::pi * (days / 7 + week_));
    if (chance(random_, disturbance_.outliers)) sum += uniform(random_, -0.8, 0.8);
    return sum;
  }

 private:
  double normal() { return std::normal_distribution<double>{}(random_); }

  const Disturbance& disturbance_;
  std::mt19937_64& random_;
  double day_, week_;
  double slow_ = 0;
};

}  // namespace

std::string_view name_of(WearLaw law) {
  switch (law) {
    case WearLaw::linear: return "linear";
    case WearLaw::power: return "power";
    case WearLaw::exponential: return "exponential";
    case WearLaw::steps: return "steps";
    case WearLaw::random_rate: return "random rate";
    case WearLaw::gamma: return "gamma";
    case WearLaw::wiener: return "wiener";
    case WearLaw::none: return "none";
  }
  return "?";
}

LifePlan random_plan(WearLaw law, std::mt19937_64& random) {
  constexpr std::array<int, 3> periods{1, 6, 24};
  LifePlan plan;
  plan.law = law;
  plan.every = hours{periods.at(static_cast<std::size_t>(uniform(random, 0, 3)))};
  plan.healthy = plan.every * static_cast<int>(log_uniform(random, 60, 1500));
  plan.wear = plan.every * static_cast<int>(log_uniform(random, 48, 600));
  auto& disturbance = plan.disturbance;
  disturbance.white = log_uniform(random, 0.01, 0.1);
  if (chance(random, 0.3)) disturbance.slow = log_uniform(random, 0.01, 0.05);
  if (chance(random, 0.5)) disturbance.daily = uniform(random, 0, 0.06);
  if (chance(random, 0.5)) disturbance.weekly = uniform(random, 0, 0.06);
  disturbance.outliers = 0.01;
  disturbance.dropouts = 0.02;
  disturbance.nights_off = plan.every < hours{24} && chance(random, 0.3);
  disturbance.weekends_off = plan.wear > hours{24 * 10} && chance(random, 0.3);
  if (chance(random, 0.3)) plan.sound = uniform(random, 0, 0.3);
  plan.failing = std::clamp(std::normal_distribution<double>{1, 0.1}(random), 0.8, 1.2);
  return plan;
}

Life simulate(const LifePlan& plan, std::mt19937_64& random) {
  const Time begin{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
  const auto path = wear_path(plan.law, random);
  Noise noise{plan.disturbance, random};
  Life life;
  life.onset = begin + plan.healthy;
  const auto end = std::ranges::find_if(path, [](double each) { return each >= 1; });
  life.failure = life.onset + plan.wear * (end - path.begin()) / static_cast<long>(resolution);
  for (Time time = begin; time < life.failure; time += plan.every) {
    const double disturbance = noise.at(time);
    if (!runs(plan.disturbance, time) || chance(random, plan.disturbance.dropouts)) continue;
    const double wear = interpolated(path, to_hours(time - life.onset) / to_hours(plan.wear));
    const double index = plan.sound + (plan.failing - plan.sound) * wear;
    life.updates.push_back({time, std::clamp(index + disturbance, 0.0, 1.2)});
  }
  return life;
}

}  // namespace fettle::test
