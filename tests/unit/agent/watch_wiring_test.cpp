#include "installation.hpp"
#include "pipeline.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <random>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::Field;
using testing::HasSubstr;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Duration poll = 5min;

Installation example(const settings::DetectionSettings& detection = {}) {
  auto installation = load_installation(FETTLE_SOURCE_DIR "/config/site.example.yaml");
  installation.site.detection = detection;
  return installation;
}

std::size_t watched_machines(const Pipeline& pipeline) {
  const auto& modes = pipeline.modes();
  return static_cast<std::size_t>(
      std::count_if(modes.begin(), modes.end(), [](const auto& each) { return each.mode == "unspecified-anomaly"; }));
}

/// METER-01 of the example site: a building that lives by the hours of the day.
class Building {
 public:
  explicit Building(const Installation& installation) : pipeline_{installation} {
    for (const auto& asset : installation.assets) {
      if (asset.asset.key == "METER-01") roles_ = asset.roles;
    }
  }

  /// So many days; at the end of them the power says `factor` times what the currents are.
  void live(int days, double factor = 1) {
    for (const auto end = now_ + Days{days}; now_ < end; now_ += poll) {
      const double load = 100 + 30 * std::sin(to_hours(now_ - start) * 2 * 3.14159265358979 / 24) + 2 * noise_(random_);
      for (int phase = 1; phase <= 3; ++phase) {
        read("voltage_" + std::to_string(phase), 231 + 0.3 * noise_(random_));
        read("current_" + std::to_string(phase), load + 0.5 * noise_(random_));
      }
      read("power", factor * 0.69 * load + 0.5 * noise_(random_));
      for (auto& alert : pipeline_.tick(now_)) alerts_.push_back(std::move(alert));
    }
  }
  const std::vector<Alert>& alerts() const { return alerts_; }

 private:
  void read(const std::string& role, double value) {
    for (auto& alert : pipeline_.accept(good(roles_.at(role), now_, value))) alerts_.push_back(std::move(alert));
  }

  Pipeline pipeline_;
  std::map<Role, PointId> roles_;
  std::vector<Alert> alerts_;
  Time now_ = start;
  std::mt19937 random_{4};
  std::normal_distribution<double> noise_{0, 1};
};

TEST(Watch, tells_what_no_failure_mode_looks_for_and_sends_nobody) {
  Building building{example()};
  building.live(28);
  EXPECT_THAT(building.alerts(), Each(Field(&Alert::mode, testing::Ne("unspecified-anomaly"))));
  building.live(4, 0.4);
  const auto& alerts = building.alerts();
  const auto found =
      std::find_if(alerts.begin(), alerts.end(), [](const auto& each) { return each.mode == "unspecified-anomaly"; });
  ASSERT_NE(found, alerts.end());
  EXPECT_EQ(found->asset, "METER-01");
  EXPECT_EQ(found->severity, Severity::warning);
  EXPECT_EQ(found->priority, 4);
  EXPECT_FALSE(found->prognosis);
  EXPECT_FALSE(dispatch_grade(*found));
  EXPECT_THAT(found->text, HasSubstr("Evidence of a change"));
}

/// An hour's readings of one sensor.
struct Hours {
  Pipeline& pipeline;
  PointId point;
  Time now = start;
  std::vector<Alert> alerts = {};

  void live(int hours, Quality quality, Reason why) {
    for (const auto end = now + std::chrono::hours{hours}; now < end; now += poll) {
      for (auto& alert : pipeline.accept({point, now, 230, quality, why})) alerts.push_back(std::move(alert));
      for (auto& alert : pipeline.tick(now)) alerts.push_back(std::move(alert));
    }
  }
};

TEST(Sensors, that_do_not_measure_are_told_of_as_such_and_cleared_when_they_do) {
  const auto installation = example();
  Pipeline pipeline{installation};
  const auto asset = std::find_if(installation.assets.begin(), installation.assets.end(),
                                  [](const auto& each) { return each.asset.key == "METER-01"; });
  Hours hours{pipeline, asset->roles.at("voltage_1")};
  hours.live(48, Quality::good, Reason::none);
  EXPECT_TRUE(hours.alerts.empty());
  hours.live(24, Quality::uncertain, Reason::stuck);
  ASSERT_FALSE(hours.alerts.empty());
  const auto told = hours.alerts.back();
  EXPECT_EQ(told.mode, "sensor-fault");
  EXPECT_EQ(told.kind, AlertKind::system);
  EXPECT_EQ(told.severity, Severity::minor);
  EXPECT_EQ(told.title, "METER-01: voltage 1 has stood still for longer than it ever did");
  EXPECT_THAT(told.text, HasSubstr("Voltage 1 has stood still for longer than it ever did."));
  hours.live(24, Quality::good, Reason::none);
  EXPECT_NE(hours.alerts.back().state, AlertState::active);
}

TEST(Watch, looks_at_every_machine_unless_the_site_says_otherwise) {
  EXPECT_EQ(watched_machines(Pipeline{example()}), 7);
  EXPECT_EQ(watched_machines(Pipeline{example({.watch = false})}), 0);
  auto without_one = example();
  without_one.site.assets.front().disabled_modes = {"unspecified-anomaly"};
  EXPECT_EQ(watched_machines(Pipeline{without_one}), 6);
}

TEST(Watch, keeps_within_its_memory) {
  EXPECT_EQ(watched_machines(Pipeline{example({.memory = 0})}), 0);
  EXPECT_EQ(watched_machines(Pipeline{example({.memory = detection::ChannelWatch::bytes})}), 1);
}

}  // namespace
}  // namespace fettle
