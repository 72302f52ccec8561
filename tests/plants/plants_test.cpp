#include <gmock/gmock.h>
#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <string>

#include "plants/plant_room.hpp"
#include "plants/registers.hpp"

namespace fettle::plants {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::AllOf;
using testing::Ge;
using testing::Le;

const Time summer = *parse_rfc3339("2026-06-01T00:00:00Z");

using Values = std::map<std::string, double, std::less<>>;

Values all_values(const PlantRoom& room) {
  Values all;
  for (const auto& resident : room.residents()) {
    for (const auto& [point, value] : resident.machine->values())
      all[resident.asset + "/" + std::string{point}] = value;
  }
  return all;
}

const Machine& machine(const PlantRoom& room, std::string_view asset) {
  const auto residents = room.residents();
  return *std::find_if(residents.begin(), residents.end(), [asset](const auto& each) {
            return each.asset == asset;
          })->machine;
}

double value(const PlantRoom& room, std::string_view asset, std::string_view point) {
  const auto values = machine(room, asset).values();
  return std::find_if(values.begin(), values.end(), [point](const Value& each) { return each.point == point; })->value;
}

/// Each seed another life.
class Plants : public testing::TestWithParam<std::uint64_t> {
 protected:
  double day_of_failure(std::string_view asset) const {
    const auto failed_at = machine(room, asset).truth().failed_at;
    return failed_at ? to_hours(*failed_at - summer) / 24 : std::nan("");
  }

  PlantRoom room{summer, GetParam()};
};

TEST_P(Plants, fail_after_a_month_of_ageing) {
  room.advance(summer + Days{56});
  for (const auto* asset : {"AHU-01", "PUMP-01", "CHILLER-01"}) {
    EXPECT_THAT(day_of_failure(asset), AllOf(Ge(30), Le(55))) << asset;
    EXPECT_EQ(machine(room, asset).truth().condition, 1) << asset;
  }
}

TEST_P(Plants, stay_healthy_without_a_fault) {
  room.advance(summer + Days{120});
  for (const auto* asset : {"AHU-02", "PUMP-02", "CHILLER-02", "METER-01"}) {
    EXPECT_EQ(machine(room, asset).truth().failed_at, std::nullopt) << asset;
    EXPECT_LT(machine(room, asset).truth().condition, 0.15) << asset;
  }
}

TEST_P(Plants, are_healthy_until_the_agent_has_learned) {
  room.advance(summer + Days{12});
  for (const auto& resident : room.residents()) EXPECT_LT(resident.machine->truth().condition, 0.05) << resident.asset;
}

TEST_P(Plants, run_enough_of_the_time_to_be_learned) {
  int samples = 0;
  std::map<std::string, int> running;
  for (Time now = summer; now < summer + Days{12}; now += minutes{5}, ++samples) {
    room.advance(now);
    if (value(room, "AHU-01", "fan_speed") > 0.3) ++running["AHU"];
    if (value(room, "PUMP-01", "power") > 0.75) ++running["PUMP"];
    if (value(room, "CHILLER-01", "power") > 24) ++running["CHILLER"];
  }
  EXPECT_GT(running["AHU"], samples * 0.5);
  EXPECT_GT(running["PUMP"], samples * 0.9);
  EXPECT_GT(running["CHILLER"], samples * 0.5);
}

TEST_P(Plants, keep_the_main_meter_far_from_its_limits) {
  for (Time now = summer; now < summer + Days{56}; now += minutes{15}) {
    room.advance(now);
    const double mean =
        (value(room, "METER-01", "v_l1") + value(room, "METER-01", "v_l2") + value(room, "METER-01", "v_l3")) / 3;
    for (const auto* phase : {"v_l1", "v_l2", "v_l3"}) ASSERT_NEAR(value(room, "METER-01", phase), mean, 0.015 * mean);
    for (const auto* phase : {"i_l1", "i_l2", "i_l3"}) ASSERT_LT(value(room, "METER-01", phase), 0.8 * 400);
  }
}

INSTANTIATE_TEST_SUITE_P(seeds, Plants, testing::Range<std::uint64_t>(1, 9));

TEST(PlantRoom, lives_the_same_life_however_often_it_is_asked) {
  PlantRoom often{summer, 7};
  PlantRoom once{summer, 7};
  for (Time now = summer; now <= summer + Days{20}; now += minutes{7}) often.advance(now);
  often.advance(summer + Days{20});
  once.advance(summer + Days{20});
  EXPECT_EQ(all_values(often), all_values(once));
}

TEST(PlantRoom, lives_another_life_with_another_seed) {
  PlantRoom one{summer, 1};
  PlantRoom other{summer, 2};
  one.advance(summer + hours{12});
  other.advance(summer + hours{12});
  EXPECT_NE(all_values(one), all_values(other));
}

TEST(Pump, stands_still_after_its_vibration_switch_has_tripped) {
  PlantRoom room{summer, 1};
  room.advance(summer + Days{56});
  EXPECT_LT(value(room, "PUMP-01", "power"), 0.2);
  EXPECT_LT(value(room, "PUMP-01", "vibration"), 0.1);
  EXPECT_GT(value(room, "PUMP-02", "power"), 0.75);
}

TEST(AirHandler, asks_more_of_its_fan_as_the_filter_clogs) {
  PlantRoom room{summer, 1};
  room.advance(summer + Days{35} + hours{12});
  EXPECT_GT(value(room, "AHU-01", "fan_speed"), value(room, "AHU-02", "fan_speed") + 0.03);
  EXPECT_GT(value(room, "AHU-01", "fan_power"), value(room, "AHU-02", "fan_power") * 1.1);
}

TEST(Registers, all_have_a_value_in_the_example_site) {
  PlantRoom room{summer, 1};
  room.advance(summer + hours{30});
  for (const auto& resident : room.residents()) {
    const auto faces = device_faces();
    const auto face = std::find_if(faces.begin(), faces.end(),
                                   [&resident](const auto& each) { return each.device == resident.device; });
    ASSERT_NE(face, faces.end()) << resident.device;
    const auto values = resident.machine->values();
    for (const auto& cell : face->cells) {
      EXPECT_TRUE(
          std::any_of(values.begin(), values.end(), [&cell](const Value& each) { return cell.point == each.point; }))
          << resident.device << '/' << cell.point;
    }
  }
}

TEST(Registers, carry_integers_floats_and_signs) {
  const auto faces = device_faces();
  std::vector<std::uint16_t> registers(faces[0].registers);
  const std::vector<Value> meter{{"v_l1", 230.5}, {"p_total", 8.6375}};
  write(faces[0], meter, registers);
  EXPECT_EQ(registers[0], 0x4366);
  EXPECT_EQ(registers[1], 0x8000);
  EXPECT_EQ(registers[52], 0x4606);
  EXPECT_EQ(registers[53], 0xF600);
  const std::vector<Value> air{{"fan_speed", 0.8}, {"filter_dp", 125}, {"outdoor_temperature", -6}};
  write(faces[1], air, registers);
  EXPECT_EQ(registers[1], 0x1F40);
  EXPECT_EQ(registers[2], 0x04E2);
  EXPECT_EQ(registers[5], 0xFDA8);
}

TEST(Registers, mark_a_broken_sensor_in_the_way_of_their_form) {
  std::vector<std::uint16_t> registers(8);
  write_sensor_fault({"a", 0, Form::u16, 1}, registers);
  write_sensor_fault({"b", 1, Form::i16, 1}, registers);
  write_sensor_fault({"c", 2, Form::f32, 1}, registers);
  EXPECT_EQ(registers[0], 0xFFFF);
  EXPECT_EQ(registers[1], 0x7FFF);
  EXPECT_TRUE(std::isnan(std::bit_cast<float>((static_cast<std::uint32_t>(registers[2]) << 16U) | registers[3])));
}

}  // namespace
}  // namespace fettle::plants
