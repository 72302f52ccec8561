#include "pipeline.hpp"

#include "installation.hpp"

#include <gtest/gtest.h>
#include <map>

namespace fettle {
namespace {

using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Duration poll = 5min;

/// CHILLER-01 and PUMP-01 of the example site, seen by their power alone.
class PlantRoom {
 public:
  PlantRoom()
      : installation_{load_installation(FETTLE_SOURCE_DIR "/config/site.example.yaml")}, pipeline_{installation_} {
    for (const auto& point : installation_.points) {
      const auto& assets = installation_.assets;
      if (point.asset.index < assets.size() && point.role == "power")
        powers_[assets[point.asset.index].asset.key] = point.id;
    }
  }

  /// So long on, so long off, for a time.
  void cycle(const std::string& asset, double power, Duration run, Duration rest, Duration span) {
    for (const auto end = now_ + span; now_ < end;) {
      draw(asset, power, run);
      draw(asset, power / 100, rest);
    }
  }
  void draw(const std::string& asset, double power, Duration span) {
    for (const auto end = now_ + span; now_ < end; now_ += poll) {
      for (auto& alert : pipeline_.accept(good(powers_.at(asset), now_, power))) alerts_.push_back(std::move(alert));
    }
  }
  /// Nobody answers.
  void lose(const std::string& asset, Duration span) {
    for (const auto end = now_ + span; now_ < end; now_ += poll)
      pipeline_.accept(bad(powers_.at(asset), now_, Reason::timeout));
  }

  const std::vector<Alert>& alerts() const { return alerts_; }

 private:
  Installation installation_;
  Pipeline pipeline_;
  std::map<std::string, PointId> powers_;
  std::vector<Alert> alerts_;
  Time now_ = start;
};

TEST(ShortCycling, of_a_chiller_is_a_fault_that_a_technician_is_sent_for_and_clears) {
  PlantRoom room;
  room.cycle("CHILLER-01", 80, 5h, 3h, Days{5});
  EXPECT_TRUE(room.alerts().empty());
  room.cycle("CHILLER-01", 80, 10min, 10min, Days{2});
  ASSERT_FALSE(room.alerts().empty());
  const auto& alert = room.alerts().back();
  EXPECT_EQ(alert.slot(), "CHILLER-01/short-cycling");
  EXPECT_TRUE(dispatch_grade(alert));
  room.cycle("CHILLER-01", 80, 5h, 3h, Days{5});
  EXPECT_NE(room.alerts().back().state, AlertState::active);
}

TEST(ShortCycling, is_seen_where_it_fills_but_a_part_of_the_day) {
  PlantRoom room;
  room.cycle("CHILLER-01", 80, 5h, 3h, Days{3});
  for (int day = 0; day < 4; ++day) {
    room.cycle("CHILLER-01", 80, 5min, 10min, 9h);
    room.draw("CHILLER-01", 80, 15h);
  }
  ASSERT_FALSE(room.alerts().empty());
  EXPECT_EQ(room.alerts().back().slot(), "CHILLER-01/short-cycling");
}

TEST(ShortCycling, is_none_where_a_few_starts_are_tried_by_hand) {
  PlantRoom room;
  room.cycle("CHILLER-01", 80, 5h, 3h, Days{3});
  room.cycle("CHILLER-01", 80, 5min, 5min, 100min);
  room.cycle("CHILLER-01", 80, 5h, 3h, Days{5});
  EXPECT_TRUE(room.alerts().empty());
}

TEST(ShortCycling, is_none_where_the_wire_is_lost_again_and_again) {
  PlantRoom room;
  for (int i = 0; i < 300; ++i) {
    room.draw("CHILLER-01", 80, 10min);
    room.lose("CHILLER-01", i % 3 == 0 ? 10min : 30min);
  }
  EXPECT_TRUE(room.alerts().empty());
}

TEST(ShortCycling, of_a_pump_is_seen_by_its_starts) {
  PlantRoom room;
  room.draw("PUMP-01", 0.05, 12h);
  room.cycle("PUMP-01", 5, 5min, 10min, Days{3});
  ASSERT_FALSE(room.alerts().empty());
  EXPECT_EQ(room.alerts().back().slot(), "PUMP-01/short-cycling");
}

}  // namespace
}  // namespace fettle
