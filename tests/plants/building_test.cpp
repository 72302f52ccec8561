#include "installation.hpp"
#include "pipeline.hpp"
#include "plants/noise.hpp"
#include "plants/weather.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

namespace fettle {
namespace {

using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
constexpr Duration poll = 5min;
constexpr double price = 0.3;

/// An office building with heat pumps, at its main meter: people, weather, dark winter days, holidays, and moods of days and hours.
class Building {
 public:
  explicit Building(std::uint64_t seed) : noise_{seed}, weather_{seed} {}

  void step(Time now) {
    weather_.step(now, poll);
    hours_.step(noise_, poll);
    days_.step(noise_, poll);
    const auto& around = weather_.now();
    const double year = in_days(now - start) / 365.25;
    const double people = is_holiday(now) ? 0.05 : around.occupancy;
    const double dark = 8 * std::cos(2 * std::numbers::pi * year) * people;
    const double heat = 3.5 * std::max(0.0, 13 - around.outdoor_temperature) * (0.6 + 0.4 * people);
    const double cold = 4 * std::max(0.0, around.outdoor_temperature - 18) * (0.4 + 0.6 * people);
    const double mood = 1 + hours_.value() + days_.value() + noise_.normal(0.02);
    power_ = (60 + 90 * people + dark + heat + cold) * mood;
  }

  double power() const { return power_; }
  double outdoor_temperature() const { return weather_.now().outdoor_temperature; }

 private:
  static bool is_holiday(Time now) {
    const auto day = std::chrono::floor<Days>(now - start).count();
    return (day >= 353 && day < 362) || day == 88 || day == 91 || day == 116 || day == 147;
  }
  static double in_days(Duration span) { return to_hours(span) / 24; }

  plants::Noise noise_;
  plants::Weather weather_;
  plants::Wander hours_{0.05, 6h};
  plants::Wander days_{0.015, 72h};
  double power_ = 0;
};

Installation office() {
  auto installation = load_installation(FETTLE_CONFIG "/site.example.yaml");
  installation.zone =
      std::make_shared<const Zone>(Zone::named("+02:00").value());  // as the simulated weather's people live
  installation.site.tariff = settings::Tariff{price, "EUR"};
  return installation;
}

std::map<Role, PointId> points_of_the_meter(const Installation& installation) {
  const auto& all = installation.assets;
  return std::find_if(all.begin(), all.end(), [](const auto& each) { return each.asset.key == "METER-01"; })->roles;
}

/// The building before the pipeline, as its main meter and a weather sensor tell it.
class Watched {
 public:
  explicit Watched(std::uint64_t seed) : Watched{seed, office()} {}

  /// Lives on with so much more drawn than needed.
  void live(Days days, double waste = 0) {
    for (const auto end = now_ + days; now_ < end;) {
      now_ += poll;
      building_.step(now_);
      wasted_ += waste * building_.power() * to_hours(poll);
      read("outdoor_temperature", building_.outdoor_temperature());
      read("power", building_.power() * (1 + waste));
    }
  }

  /// That it wastes energy.
  const std::vector<Alert>& alerts() const { return alerts_; }
  /// How often something else was unlike all before.
  std::size_t surprises() const { return surprises_.size(); }
  /// The open alert as it would be published now; null if there is none.
  const Alert* open_alert() {
    auto* const episode = alerts_.empty() ? nullptr : pipeline_.episode(alerts_.back().id);
    return episode == nullptr || !episode->is_active() ? nullptr : episode->alert();
  }
  double wasted() const { return wasted_; }
  Time now() const { return now_; }

 private:
  Watched(std::uint64_t seed, const Installation& installation)
      : building_{seed}, pipeline_{installation}, points_{points_of_the_meter(installation)} {}

  void read(const std::string& role, double value) {
    for (auto& alert : pipeline_.accept(good(points_.at(role), now_, value))) {
      EXPECT_FALSE(dispatch_grade(alert)) << alert.text;
      if (alert.mode == "energy-waste") {
        alerts_.push_back(std::move(alert));
      } else {
        surprises_.insert(alert.id);
      }
    }
  }

  Building building_;
  Pipeline pipeline_;
  std::map<std::string, PointId> points_;
  std::vector<Alert> alerts_;
  std::set<std::string> surprises_;
  Time now_ = start;
  double wasted_ = 0;
};

class EnergyWasteOf : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(EnergyWasteOf, a_healthy_building_raises_nothing_in_a_year) {
  Watched building{GetParam()};
  building.live(Days{365});
  for (const auto& alert : building.alerts())
    ADD_FAILURE() << alert.slot() << ' ' << to_rfc3339(alert.changed_at) << ' ' << alert.text;
  EXPECT_LE(building.surprises(), 3) << "its first Easter and its first Christmas are unlike all before";
}

TEST_P(EnergyWasteOf, a_building_that_draws_a_sixth_more_is_told_with_its_date_its_energy_and_its_cost) {
  Watched building{GetParam()};
  building.live(Days{260});
  ASSERT_TRUE(building.alerts().empty());
  const auto onset = building.now();
  building.live(Days{28}, 0.15);
  const auto* const alert = building.open_alert();
  ASSERT_NE(alert, nullptr);
  EXPECT_EQ(alert->mode, "energy-waste");
  EXPECT_EQ(alert->severity, Severity::warning);
  EXPECT_LT(alert->raised_at, onset + Days{10});
  ASSERT_TRUE(alert->energy);
  EXPECT_NEAR(to_hours(alert->energy->since - onset), 0, 72);
  EXPECT_NEAR(alert->energy->kwh / building.wasted(), 1, 0.2);
  EXPECT_NEAR(alert->energy->cost_per_day.value_or(0) / (price * building.wasted() / 28), 1, 0.25);
  EXPECT_EQ(alert->energy->currency, "EUR");
  RecordProperty("kwh_percent", static_cast<int>(100 * alert->energy->kwh / building.wasted()));
  RecordProperty("onset_hours", static_cast<int>(to_hours(alert->energy->since - onset)));
  RecordProperty("raised_hours", static_cast<int>(to_hours(alert->raised_at - onset)));
}

TEST_P(EnergyWasteOf, a_waste_that_stays_is_still_told_after_eight_weeks_and_one_that_ends_is_cleared) {
  Watched building{GetParam()};
  building.live(Days{260});
  building.live(Days{56}, 0.2);
  ASSERT_NE(building.open_alert(), nullptr);
  EXPECT_NEAR(building.open_alert()->energy->kwh / building.wasted(), 1, 0.2);
  building.live(Days{28});
  EXPECT_EQ(building.open_alert(), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EnergyWasteOf, ::testing::Values(1, 2, 3, 4, 5, 6));

}  // namespace
}  // namespace fettle
