// What is no fault, and worth a talk with the customer.
#include "pipeline.hpp"

#include "installation.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <map>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

/// A machine as the only one of a site.
struct Wasteful {
  std::string model, parameters, mode, waste;
  struct Sensor {
    std::string role, quantity;
    double value = 0;
  };
  std::vector<Sensor> sensors;
};

Installation site_of(const Wasteful& machine, const std::string& detection) {
  const test::TempDir folder;
  std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/equipment", folder.path() / "equipment");
  std::string columns{"time"}, points, wires;
  for (const auto& each : machine.sensors) {
    columns += "," + each.role;
    points += fmt::format("{0}: {{quantity: {1}, column: {0}}}, ", each.role, each.quantity);
    wires += fmt::format("{0}: io/{0}, ", each.role);
  }
  folder.write("empty.csv", columns + "\n");
  return load_installation(folder.write(
      "site.yaml",
      fmt::format(
          "gateway: {{id: gw-1}}\nsite: {{id: S, tz: Europe/Berlin, building: B}}\nstore: {{folder: store}}\n"
          "tariff: {{per_kwh: 0.3, currency: EUR}}\ndetection: {}\nbuses: [{{id: h, driver: csv}}]\ndevices:\n"
          "  - {{id: io, bus: h, files: [empty.csv], every: 5m, profile: {{protocol: csv, time: {{column: time}}, "
          "points: {{{}}}}}}}\n"
          "assets:\n  - {{id: M, name: machine, model: {}, parameters: {{{}}}, points: {{{}}}}}\n",
          detection, points, machine.model, machine.parameters, wires)));
}

/// A fan of 4 kW that is seen by its power alone.
Installation office(const std::string& detection) {
  return site_of({"fan", "", "runs-at-night", "", {{"power", "active_power", 2}}}, detection);
}

/// What is told of two months in which the fan takes 2 kW, by day alone or without a stop.
std::vector<Alert> told(const std::string& detection, bool by_night) {
  const auto installation = office(detection);
  EXPECT_TRUE(installation.confined.empty());
  Pipeline pipeline{installation};
  std::vector<Alert> alerts;
  for (auto now = start; now < start + Days{60}; now += 5min) {
    const auto hour = std::chrono::floor<std::chrono::hours>(now - std::chrono::floor<Days>(now));
    const bool runs = by_night || (hour >= 6h && hour < 18h);
    for (auto& alert : pipeline.accept(good(installation.points.front().id, now, runs ? 2 : 0.01)))
      alerts.push_back(std::move(alert));
    if (now.time_since_epoch() % 1h != Duration{0}) continue;
    for (auto& alert : pipeline.tick(now)) alerts.push_back(std::move(alert));
  }
  return alerts;
}

TEST(Opportunity, of_a_fan_that_runs_all_night_says_what_it_costs_a_year_and_sends_nobody) {
  const auto alerts = told("{watch: false, opportunities: true}", true);
  ASSERT_FALSE(alerts.empty());
  const auto& first = alerts.front();
  EXPECT_EQ(first.slot(), "M/runs-at-night");
  EXPECT_EQ(first.kind, AlertKind::service);
  EXPECT_EQ(first.priority, 4);
  EXPECT_LT(first.raised_at, start + Days{36});
  EXPECT_EQ(first.title, "M fan: it runs through every night");
  // 5 of 24 hours at 2 kW: 3650 kWh, 1095 EUR.
  EXPECT_THAT(first.text, HasSubstr("3700 kWh a year, 1100 EUR."));
  ASSERT_TRUE(first.energy);
  EXPECT_GT(first.energy->kwh, 100);
  for (const auto& alert : alerts) EXPECT_FALSE(dispatch_grade(alert));
}

class Opportunities : public testing::TestWithParam<Wasteful> {};

TEST_P(Opportunities, are_told_of_with_what_they_cost_a_year) {
  const auto installation = site_of(GetParam(), "{watch: false, opportunities: true}");
  ASSERT_TRUE(installation.confined.empty()) << installation.confined.all().front().text;
  Pipeline pipeline{installation};
  std::vector<Alert> alerts;
  for (auto now = start; now < start + Days{60}; now += 5min) {
    for (const auto& point : installation.points) {
      const auto sensor = std::find_if(GetParam().sensors.begin(), GetParam().sensors.end(),
                                       [&point](const auto& each) { return each.role == point.role; });
      for (auto& alert : pipeline.accept(good(point.id, now, sensor->value))) alerts.push_back(std::move(alert));
    }
  }
  ASSERT_FALSE(alerts.empty());
  EXPECT_EQ(alerts.front().slot(), "M/" + GetParam().mode);
  EXPECT_EQ(alerts.front().kind, AlertKind::service);
  EXPECT_THAT(alerts.front().text, HasSubstr(GetParam().waste));
  for (const auto& alert : alerts) EXPECT_FALSE(dispatch_grade(alert)) << alert.slot();
}

// 24 h of 1 kW, of which a right one saves a quarter; half of 100 kW; 0.4 of 3 kW; 5 hours of 2 kW.
INSTANTIATE_TEST_SUITE_P(
    Machines, Opportunities,
    testing::Values(
        Wasteful{"pump", "rated_power: 7.5", "oversized", "2200 kWh a year, 660 EUR", {{"power", "active_power", 1}}},
        Wasteful{"chiller",
                 "rated_power: 120, rated_heat_rejection: 720",
                 "inefficient",
                 "440000 kWh a year, 130000 EUR",
                 {{"power", "active_power", 100},
                  {"chilled_flow", "volume_flow", 28.66},
                  {"chilled_supply_temperature", "temperature", 6},
                  {"chilled_return_temperature", "temperature", 12}}},
        Wasteful{"heat_pump",
                 "",
                 "inefficient",
                 "kWh a year",
                 {{"power", "active_power", 3},
                  {"flow", "volume_flow", 0.86},
                  {"supply_temperature", "temperature", 40},
                  {"return_temperature", "temperature", 35}}},
        Wasteful{"air_handler",
                 "",
                 "runs-at-night",
                 "3700 kWh a year, 1100 EUR",
                 {{"fan_speed", "ratio", 0.8}, {"fan_power", "active_power", 2}}}),
    [](const auto& each) { return each.param.model; });

TEST(Opportunity, is_none_where_the_night_is_quiet) {
  EXPECT_TRUE(told("{watch: false, opportunities: true}", false).empty());
}

TEST(Opportunity, is_not_looked_for_unless_the_site_wants_it) {
  EXPECT_TRUE(told("{watch: false}", true).empty());
  EXPECT_EQ(office("{watch: false}").models.front().modes.size() + 1,
            office("{watch: false, opportunities: true}").models.front().modes.size());
}

TEST(Opportunity, wanted_later_forgets_nothing) {
  Pipeline without{office("{watch: false}")};
  Pipeline with{office("{watch: false, opportunities: true}")};
  std::map<std::string, std::uint64_t> known;
  for (const auto* part : with.learned()) known.emplace(part->state_id(), part->settings_hash());
  for (const auto* part : without.learned()) EXPECT_EQ(known.at(part->state_id()), part->settings_hash());
}

}  // namespace
}  // namespace fettle
