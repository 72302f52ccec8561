#include "pipeline.hpp"
#include "replay_alerts.hpp"
#include "replay_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <regex>

#include "plants/plant_room.hpp"
#include "support/child.hpp"
#include "support/temp_dir.hpp"

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Duration poll = 5min;
constexpr Duration life = 24h * 56;
constexpr std::chrono::seconds patience{50};

/// A machine of the example site as its recorded history has it.
struct Recorded {
  std::string asset, device, site_file;  ///< its entries for a site file
};

const std::vector<Recorded> recorded{
    {"PUMP-01", "pump_1_io", R"(
  - id: pump_1_io
    bus: history
    file: pump_1_io.csv
    every: 5m
    profile:
      protocol: csv
      time: {column: t}
      points:
        power: {quantity: active_power, column: power}
        speed: {quantity: ratio, column: speed}
        vibration: {quantity: velocity, column: vibration}
        bearing_temperature: {quantity: temperature, column: bearing_temperature}
        ambient_temperature: {quantity: temperature, column: ambient_temperature})"},
    {"AHU-01", "ahu_1_io", R"(
  - id: ahu_1_io
    bus: history
    file: ahu_1_io.csv
    every: 5m
    profile:
      protocol: csv
      time: {column: t}
      points:
        fan_power: {quantity: active_power, column: fan_power}
        fan_speed: {quantity: ratio, column: fan_speed}
        filter_dp: {quantity: pressure, column: filter_dp})"},
};

constexpr std::string_view assets = R"(
assets:
  - id: PUMP-01
    name: Heating circulation pump 1
    model: pump
    parameters: {rated_power: 7.5}
    points:
      power: pump_1_io/power
      speed: pump_1_io/speed
      vibration: pump_1_io/vibration
      bearing_temperature: pump_1_io/bearing_temperature
      ambient_temperature: pump_1_io/ambient_temperature
  - id: AHU-01
    name: Air handler 1
    model: air_handler
    points: {fan_power: ahu_1_io/fan_power, fan_speed: ahu_1_io/fan_speed, filter_dp: ahu_1_io/filter_dp}
)";

/// Eight weeks of two machines that fail, recorded as tables.
class EightRecordedWeeks : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory_symlink(FETTLE_CONFIG "/equipment", folder_.path() / "equipment");
    std::string devices;
    for (const auto& each : recorded) devices += each.site_file;
    site_ =
        folder_.write("site.yaml", fmt::format("gateway: {{id: gw-1}}\nsite: {{id: HQ, tz: Europe/Berlin, building: "
                                               "\"<b>\"}}\nstore: {{folder: {}}}\nbuses: [{{id: history, driver: "
                                               "csv}}]\ndevices:{}{}",
                                               folder_.file("store"), devices, assets));
    plants::PlantRoom plant{start, 3};
    std::map<std::string, std::string> tables;
    while (plant.now() < start + life) {
      plant.advance(plant.now() + poll);
      for (const auto& resident : plant.residents()) add_row(plant.now(), resident, tables[resident.device]);
    }
    for (const auto& each : recorded) folder_.write(each.device + ".csv", tables[each.device]);
  }

  static void add_row(Time now, const plants::Resident& resident, std::string& table) {
    const auto values = resident.machine->values();
    if (table.empty()) {
      table = "t";
      for (const auto& value : values) table += fmt::format(",{}", value.point);
      table += '\n';
    }
    table += to_rfc3339(now);
    for (const auto& value : values) table += fmt::format(",{}", value.value);
    table += '\n';
  }

  /// What a pipeline tells when it gets the same readings from nobody else but this test.
  std::string told_by_the_pipeline() {
    const auto installation = load_for_replay(site_, {});
    Pipeline pipeline{installation};
    AlertBook book;
    const auto take = [&book](const std::vector<Alert>& alerts) {
      for (const auto& each : alerts) book.take(each);
    };
    plants::PlantRoom plant{start, 3};
    while (plant.now() < start + life) {
      for (Time tick = plant.now() + 1min; plant.now() > start && tick <= plant.now() + poll; tick += 1min)
        take(pipeline.tick(tick));
      plant.advance(plant.now() + poll);
      for (const auto& device : installation.devices) {
        for (const auto& resident : plant.residents()) {
          if (resident.device != device.settings.key) continue;
          const auto values = resident.machine->values();
          for (const auto& wire : device.wiring) {
            const auto& name = device.profile->points[wire.profile_point].name;
            for (const auto& value : values) {
              if (value.point == name) take(pipeline.accept(good(wire.point, plant.now(), value.value)));
            }
          }
        }
      }
    }
    return alerts_csv(book.stories());
  }

  test::TempDir folder_;
  std::string site_;
};

TEST_F(EightRecordedWeeks, are_replayed_as_the_pipeline_sees_them_and_told_on_one_page) {
  const auto alerts = folder_.file("alerts.csv");
  const auto report = folder_.file("report.html");
  test::Child replay{{FETTLE_BINARY, "replay", "-c", site_, "--alerts", alerts, "--report", report}, {}};
  ASSERT_EQ(replay.wait(patience), 0) << replay.output();
  EXPECT_THAT(replay.output(), HasSubstr("32,256 rows"));
  EXPECT_THAT(replay.output(), testing::ContainsRegex("predicted limits? reached, median "));
  const auto told = test::read_text(alerts);
  EXPECT_THAT(told, HasSubstr("\nPUMP-01,bearing-wear,prediction,major,2026-"));
  EXPECT_THAT(told, HasSubstr("\nAHU-01,filter-clog,prediction,major,2026-"));
  EXPECT_EQ(told, told_by_the_pipeline());
  EXPECT_FALSE(std::filesystem::exists(folder_.file("store"))) << "nothing is kept";

  const auto page = test::read_text(report);
  EXPECT_LT(page.size(), 1'000'000U);
  EXPECT_THAT(page, testing::StartsWith("<!doctype html>"));
  EXPECT_THAT(page, HasSubstr("PUMP-01, Heating circulation pump 1"));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;")) << "what a site file says is text";
  EXPECT_THAT(page, HasSubstr("deep groove ball bearing"));
  EXPECT_THAT(page, HasSubstr("var uPlot=")) << "the plots' library is in the page";
  const std::regex loaded{
      R"((src|href)\s*=\s*["']?(https?:|//)|@import|url\(\s*["']?(https?:|//)|\bfetch\(|XMLHttpRequest)"};
  EXPECT_FALSE(std::regex_search(page, loaded)) << "nothing is loaded from anywhere";
}

}  // namespace
}  // namespace fettle
