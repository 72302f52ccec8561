#include "telemetry_feed.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <set>

namespace fettle {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Two machines that are read from the same points, a device that nobody uses, and this telemetry.
class TelemetrySite : public testing::Test {
 protected:
  Installation load(const std::string& telemetry) {
    std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/devices", folder.path() / "devices");
    std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/equipment", folder.path() / "equipment");
    return load_installation(folder.write("site.yaml", R"(gateway: {id: gw-1}
site: {id: HQ, tz: Europe/Berlin}
store: {folder: x}
broker: {url: "mqtt://127.0.0.1"}
)" + telemetry + R"(
buses: [{id: lan, driver: modbus_tcp, host: 127.0.0.1}]
devices:
  - {id: pump_io, bus: lan, unit: 1, profile: generic_pump_io, every: 5m}
  - {id: idle, bus: lan, unit: 2, profile: generic_pump_io, every: 5m}
assets:
  - {id: P-1, model: pump, points: {power: pump_io/power, vibration: pump_io/vibration}}
  - {id: P-2, model: pump, points: {power: pump_io/power, vibration: pump_io/vibration}}
)"));
  }
  static std::vector<std::string> keys(const std::vector<delivery::TelemetryDevice>& devices) {
    std::vector<std::string> result;
    for (const auto& device : devices) result.push_back(device.key);
    return result;
  }

  test::TempDir folder;
};

TEST_F(TelemetrySite, has_no_telemetry_unless_it_is_wanted) { EXPECT_FALSE(load("").telemetry); }

TEST_F(TelemetrySite, publishes_every_point_of_every_device_once) {
  const auto site = load("telemetry: {}");
  ASSERT_TRUE(site.telemetry);
  const auto devices = telemetry_devices(site, *site.telemetry);
  EXPECT_THAT(keys(devices), ElementsAre("pump_io", "idle"));
  std::set<PointId> points;
  for (std::size_t place = 0; place < devices.size(); ++place) {
    EXPECT_EQ(devices[place].points->size(), site.devices[place].profile->points.size());
    points.insert(devices[place].sources.begin(), devices[place].sources.end());
  }
  EXPECT_EQ(points.size(), devices[0].points->size() + devices[1].points->size());
  EXPECT_EQ(devices[0].points, devices[1].points) << "devices of a kind share the names of their points";
}

TEST_F(TelemetrySite, publishes_the_devices_that_are_named) {
  const auto site = load("telemetry: {devices: [idle]}");
  EXPECT_THAT(keys(telemetry_devices(site, site.telemetry.value())), ElementsAre("idle"));
}

TEST_F(TelemetrySite, runs_without_telemetry_when_there_is_a_mistake_in_it) {
  const auto site = load("telemetry: {devices: [nobody]}");
  EXPECT_FALSE(site.telemetry);
  EXPECT_EQ(site.confined.size(), 1U);
  EXPECT_EQ(site.devices.size(), 2U);
}

TEST_F(TelemetrySite, keeps_batches_in_a_file_of_their_own) {
  const delivery::TelemetryBatch batch{7, "pump_io", R"({"seq":7})"};
  {
    TelemetryFile file{folder.path().string(), 4'000'000, Time{}};
    file.begin();
    EXPECT_TRUE(file.keep({&batch, 1}));
  }
  TelemetryFile file{folder.path().string(), 4'000'000, Time{}};
  EXPECT_EQ(file.begin().seq, 8U);
  EXPECT_EQ(file.last(), 7U);
  EXPECT_EQ(file.after(0, 5).at(0).document, batch.document);
  file.forget(7);
  EXPECT_THAT(file.after(0, 5), IsEmpty());
}

}  // namespace
}  // namespace fettle
