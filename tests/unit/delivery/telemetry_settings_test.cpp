#include "delivery/telemetry_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>
#include <chrono>

namespace fettle::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Outcome {
  TelemetrySettings telemetry;
  std::vector<std::string> mistakes;
};

Outcome read(const std::string& yaml) {
  const std::array<std::string, 2> devices{"ahu_1_io", "pump_1_io"};
  settings::Mistakes mistakes;
  const auto root = settings::load_text(yaml, "site.yaml", mistakes);
  Outcome outcome{read_telemetry(root["telemetry"], devices, mistakes), {}};
  mistakes.sort();
  for (const auto& mistake : mistakes.all()) outcome.mistakes.push_back(settings::to_text(mistake));
  return outcome;
}

TEST(TelemetrySettings, need_nothing) {
  const auto [telemetry, mistakes] = read("telemetry: {}");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(telemetry.every, Duration{});
  EXPECT_THAT(telemetry.devices, IsEmpty());
  EXPECT_EQ(telemetry.buffer, 32'000'000U);
  EXPECT_EQ(telemetry.catch_up, 20);
}

TEST(TelemetrySettings, are_taken_as_they_are_written) {
  const auto [telemetry, mistakes] =
      read("telemetry: {every: 10s, devices: [pump_1_io], buffer: 1GB, catch_up: 100/s}");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(telemetry.every, std::chrono::seconds{10});
  EXPECT_THAT(telemetry.devices, ElementsAre("pump_1_io"));
  EXPECT_EQ(telemetry.buffer, 1'000'000'000U);
  EXPECT_EQ(telemetry.catch_up, 100);
}

TEST(TelemetrySettings, say_what_is_wrong_with_each) {
  EXPECT_THAT(
      read("telemetry:\n  every: 1ms\n  devices: [ahu_1_oi]\n  buffer: 32\n  catch_up: 20\n  bufer: 1MB").mistakes,
      ElementsAre("site.yaml:2:10: telemetry.every: \"1ms\" is too short (at least 100ms)",
                  "site.yaml:3:13: telemetry.devices[0]: there is no device \"ahu_1_oi\"",
                  "site.yaml:4:11: telemetry.buffer: \"32\" is out of range (4MB to 10GB)",
                  "site.yaml:5:13: telemetry.catch_up: \"20\" is not a rate (try 20/s)",
                  "site.yaml:6:3: telemetry: unknown key \"bufer\""));
  EXPECT_THAT(read("telemetry:\n  buffer: 1MB\n  catch_up: 0/s").mistakes,
              ElementsAre("site.yaml:2:11: telemetry.buffer: \"1MB\" is out of range (4MB to 10GB)",
                          "site.yaml:3:13: telemetry.catch_up: \"0/s\" is out of range (1/s to 1000/s)"));
}

}  // namespace
}  // namespace fettle::delivery
