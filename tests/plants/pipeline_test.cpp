#include "pipeline.hpp"
#include "installation.hpp"
#include "plants/plant_room.hpp"

#include <gtest/gtest.h>
#include <cstdlib>
#include <map>

namespace fettle {
namespace {

using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Duration poll = 5min;

/// Lets the plant room live and the pipeline look on, as the agent would over a wire that loses nothing.
class Rehearsal {
 public:
  explicit Rehearsal(std::uint64_t seed)
      : installation_{load_installation(FETTLE_CONFIG "/site.example.yaml")},
        pipeline_{installation_},
        plant_{start, seed} {
    for (const auto& device : installation_.devices) {
      for (const auto& wire : device.wiring) {
        points_[{device.settings.key, device.profile->points[wire.profile_point].name}].push_back(wire.point);
      }
    }
  }

  void live(Duration span) {
    for (const Time end = plant_.now() + span; plant_.now() < end;) {
      plant_.advance(plant_.now() + poll);
      for (const auto& resident : plant_.residents()) read(resident);
    }
  }

  /// The first revision of each slot that deserves a visit.
  const std::map<std::string, Alert>& dispatches() const { return dispatches_; }
  const plants::PlantRoom& plant() const { return plant_; }
  Pipeline& pipeline() { return pipeline_; }

 private:
  void read(const plants::Resident& resident) {
    for (const auto& value : resident.machine->values()) {
      for (const auto point : points_[{resident.device, std::string{value.point}}]) {
        for (auto& alert : pipeline_.accept(good(point, plant_.now(), value.value))) keep(std::move(alert));
      }
    }
  }

  void keep(Alert alert) {
    if (std::getenv("FETTLE_VERBOSE") != nullptr) {
      const auto day = to_hours(alert.changed_at - start) / 24;
      printf("day %5.1f %s rev %d %s %s p%d %s | %s\n", day, alert.slot().c_str(), alert.rev,
             name_of(alert.state).data(), name_of(alert.kind).data(), alert.priority, alert.title.c_str(),
             alert.log.back().why.c_str());
      if (alert.prognosis) {
        printf("      fails between day %.1f, %.1f and %.1f, confidence %.2f, health %.2f\n",
               day + alert.prognosis->low / 24, day + alert.prognosis->mid / 24,
               day + alert.prognosis->high.value_or(0) / 24, alert.prognosis->confidence, alert.prognosis->health);
      }
    }
    if (dispatch_grade(alert)) dispatches_.emplace(alert.slot(), alert);
  }

  Installation installation_;
  Pipeline pipeline_;
  plants::PlantRoom plant_;
  std::map<std::pair<std::string, std::string>, std::vector<PointId>> points_;
  std::map<std::string, Alert> dispatches_;
};

class EightWeeks : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(EightWeeks, every_fault_is_predicted_before_the_failure_and_nothing_else_is_dispatched) {
  Rehearsal rehearsal{GetParam()};
  rehearsal.live(24h * 56);
  std::size_t expected = 0;
  for (const auto& resident : rehearsal.plant().residents()) {
    if (resident.mode.empty()) continue;
    ++expected;
    const auto failed = resident.machine->truth().failed_at;
    ASSERT_TRUE(failed) << resident.asset;
    const auto dispatch = rehearsal.dispatches().find(resident.asset + "/" + resident.mode);
    ASSERT_NE(dispatch, rehearsal.dispatches().end()) << resident.asset;
    EXPECT_EQ(dispatch->second.kind, AlertKind::prediction) << resident.asset;
    EXPECT_LT(dispatch->second.raised_at + 48h, *failed) << resident.asset;
    if (std::getenv("FETTLE_VERBOSE") != nullptr)
      printf("%s failed on day %.1f\n", resident.asset.c_str(), to_hours(*failed - start) / 24);
  }
  EXPECT_EQ(expected, 3U);
  EXPECT_EQ(rehearsal.dispatches().size(), expected);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EightWeeks, ::testing::Values(1, 2, 3, 4, 5, 6));

}  // namespace
}  // namespace fettle
