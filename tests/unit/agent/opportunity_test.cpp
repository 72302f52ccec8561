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

/// A fan of 4 kW that is seen by its power alone.
Installation office(const std::string& detection) {
  const test::TempDir folder;
  std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/equipment", folder.path() / "equipment");
  folder.write("empty.csv", "time,power\n");
  return load_installation(folder.write(
      "site.yaml",
      fmt::format(
          "gateway: {{id: gw-1}}\nsite: {{id: S, tz: Europe/Berlin, building: B}}\nstore: {{folder: store}}\n"
          "tariff: {{per_kwh: 0.3, currency: EUR}}\ndetection: {}\nbuses: [{{id: h, driver: csv}}]\ndevices:\n"
          "  - {{id: io, bus: h, files: [empty.csv], every: 5m, profile: {{protocol: csv, time: {{column: time}}, "
          "points: {{power: {{quantity: active_power, column: power}}}}}}}}\n"
          "assets:\n  - {{id: FAN-01, name: fan, model: fan, points: {{power: io/power}}}}\n",
          detection)));
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
  EXPECT_EQ(first.slot(), "FAN-01/runs-at-night");
  EXPECT_EQ(first.kind, AlertKind::service);
  EXPECT_EQ(first.priority, 4);
  EXPECT_LT(first.raised_at, start + Days{36});
  EXPECT_EQ(first.title, "FAN-01 fan: it runs through every night");
  // 5 of 24 hours at 2 kW: 3650 kWh, 1095 EUR.
  EXPECT_THAT(first.text, HasSubstr("3700 kWh a year, 1100 EUR."));
  ASSERT_TRUE(first.energy);
  EXPECT_GT(first.energy->kwh, 100);
  for (const auto& alert : alerts) EXPECT_FALSE(dispatch_grade(alert));
}

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
