#include "installation.hpp"
#include "pipeline.hpp"
#include "plants/air_handler.hpp"
#include "plants/chiller.hpp"
#include "plants/weather.hpp"

#include <gtest/gtest.h>
#include <map>

namespace fettle {
namespace {

using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Time fault = start + Days{12};

double value_of(const plants::Machine& machine, std::string_view name) {
  for (const auto& value : machine.values()) {
    if (value.point == name) return value.value;
  }
  return 0;
}

/// What the pipeline believes a machine to waste, and what it draws beyond a healthy twin under the same sky.
struct Comparison {
  double believed = 0, true_waste = 0;
};

/// Lets both live until the machine has failed.
Comparison compare(const std::string& asset, std::string_view power, plants::Machine& machine, plants::Machine& twin,
                   std::uint64_t seed) {
  const auto installation = load_installation(FETTLE_CONFIG "/site.example.yaml");
  Pipeline pipeline{installation};
  std::map<std::string, PointId> points;
  for (const auto& point : installation.points) {
    if (point.asset.index < installation.assets.size() && installation.assets[point.asset.index].asset.key == asset)
      points[point.role] = point.id;
  }
  plants::Weather weather{seed};
  Comparison result;
  for (auto now = start + 1min; now < start + Days{56} && !machine.truth().failed_at; now += 1min) {
    weather.step(now, 1min);
    machine.step(weather.now(), 1min);
    twin.step(weather.now(), 1min);
    if (now >= fault) result.true_waste += (value_of(machine, power) - value_of(twin, power)) / 60;
    if (now.time_since_epoch() % 5min != 0min) continue;
    for (const auto& value : machine.values()) {
      const auto point = points.find(std::string{value.point});
      if (point == points.end()) continue;
      for (const auto& alert : pipeline.accept(good(point->second, now, value.value))) {
        if (alert.energy) result.believed = alert.energy->kwh;
      }
    }
  }
  return result;
}

class EnergyEstimate : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(EnergyEstimate, of_a_clogged_filter_is_cautious_and_of_the_right_size) {
  plants::AirHandler machine{GetParam(), fault};
  plants::AirHandler twin{GetParam(), std::nullopt};
  const auto energy = compare("AHU-01", "fan_power", machine, twin, GetParam());
  RecordProperty("share_percent", static_cast<int>(100 * energy.believed / energy.true_waste));
  EXPECT_GT(energy.believed, 0.5 * energy.true_waste);
  EXPECT_LT(energy.believed, 1.1 * energy.true_waste);
}

TEST_P(EnergyEstimate, of_a_fouled_condenser_is_cautious_and_of_the_right_size) {
  plants::Chiller machine{GetParam(), fault};
  plants::Chiller twin{GetParam(), std::nullopt};
  const auto energy = compare("CHILLER-01", "power", machine, twin, GetParam());
  RecordProperty("share_percent", static_cast<int>(100 * energy.believed / energy.true_waste));
  EXPECT_GT(energy.believed, 0.5 * energy.true_waste);
  EXPECT_LT(energy.believed, 1.1 * energy.true_waste);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EnergyEstimate, ::testing::Values(1, 2, 3, 4));

}  // namespace
}  // namespace fettle
