#include "ruled_air_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using test::AirHandlerFaults;
using test::RuledAirHandler;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Heating, free cooling, cooling with all outdoor air, cooling with the least.
constexpr double frost = -12, cool = 8, mild = 16, hot = 30;

TEST(AirHandlerRules, say_nothing_about_a_healthy_machine_in_any_operating_state) {
  for (const double outdoor : {frost, cool, mild, hot}) {
    RuledAirHandler machine{outdoor};
    machine.live(Days{10});
    EXPECT_THAT(machine.modes(), IsEmpty()) << outdoor;
  }
}

struct Case {
  const char* mode;
  double outdoor;
  AirHandlerFaults faults;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.mode << " at " << each.outdoor; }

class AirHandlerRule : public testing::TestWithParam<Case> {};

TEST_P(AirHandlerRule, raises_its_failure_mode_within_a_day_and_no_other) {
  RuledAirHandler machine{GetParam().outdoor, GetParam().faults};
  machine.live(Days{1});
  EXPECT_THAT(machine.modes(), ElementsAre(GetParam().mode));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, AirHandlerRule,
    testing::Values(
        Case{"cooling-valve-leak", cool, {.cooling_leak = 3}}, Case{"cooling-valve-leak", frost, {.cooling_leak = 5}},
        Case{"heating-valve-leak", cool, {.heating_leak = 3}}, Case{"heating-valve-leak", mild, {.heating_leak = 3}},
        Case{"heating-valve-leak", hot, {.heating_leak = 3}}, Case{"cooling-coil-capacity", hot, {.cooling_power = 0}},
        Case{"cooling-coil-capacity", hot, {.cooling_power = 0.5}},
        Case{"heating-coil-capacity", frost, {.heating_power = 0}}, Case{"outdoor-damper-stuck", cool, {.damper = 0}},
        Case{"outdoor-damper-stuck", frost, {.damper = 1}}, Case{"air-temperature-sensor", mild, {.mixed_offset = 12}},
        Case{"valve-conflict", hot, {.heating_opening = 0.05}}, Case{"unstable-control", hot, {.hunts = true}},
        Case{"fan-belt-slip", cool, {.duct_pressure = 250, .fan_speed = 0.97}},
        Case{"fan-bearing-wear", cool, {.fan_vibration = 7.5}}));

TEST(AirHandlerRules, tell_of_weeks_of_fan_energy_for_nobody) {
  RuledAirHandler machine{cool, {.never_stops = true}};
  machine.live(Days{35});
  EXPECT_THAT(machine.modes(), ElementsAre("runs-outside-schedule"));
}

TEST(AirHandlerRules, work_where_sensors_for_others_are_missing) {
  const RuledAirHandler::Roles missing{"supply_setpoint",      "damper_command",        "duct_pressure",
                                       "heating_coil_leaving", "cooling_coil_entering", "occupied"};
  RuledAirHandler leaking{cool, {.heating_leak = 3}, missing};
  leaking.live(Days{1});
  EXPECT_THAT(leaking.modes(), ElementsAre("heating-valve-leak"));
  RuledAirHandler powerless{frost, {.heating_power = 0}, missing};
  powerless.live(Days{1});
  EXPECT_THAT(powerless.modes(), IsEmpty());
}

TEST(AirHandlerRules, see_through_polls_that_are_lost) {
  RuledAirHandler machine{cool, {.heating_leak = 3}};
  machine.lose("mixed_temperature");
  machine.live(Days{1});
  EXPECT_THAT(machine.modes(), ElementsAre("heating-valve-leak"));
}

TEST(AirHandlerRules, clear_when_the_machine_is_right_again) {
  RuledAirHandler machine{cool, {.heating_leak = 3}};
  machine.live(Days{1});
  ASSERT_FALSE(machine.alerts().empty());
  machine.heal();
  machine.live(Days{2});
  EXPECT_NE(machine.alerts().back().state, AlertState::active);
}

TEST(AirHandlerRules, go_on_after_a_restart_as_if_there_had_been_none) {
  RuledAirHandler steady{hot, {.cooling_power = 0}};
  RuledAirHandler restarted{hot, {.cooling_power = 0}};
  steady.live(12h);
  for (int i = 0; i < 12; ++i) {
    restarted.live(1h);
    restarted.restart();
  }
  ASSERT_FALSE(steady.alerts().empty());
  ASSERT_FALSE(restarted.alerts().empty());
  EXPECT_LT(restarted.alerts().front().raised_at - steady.alerts().front().raised_at, 1h);
}

}  // namespace
}  // namespace fettle
