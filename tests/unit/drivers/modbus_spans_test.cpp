#include "modbus/spans.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <set>

namespace fettle::modbus {
namespace {

using acquisition::DeviceProfile;
using acquisition::ProfilePoint;
using acquisition::RegisterType;
using testing::ElementsAre;

ProfilePoint point(std::uint16_t address, RegisterType type = RegisterType::u16,
                   RegisterTable table = RegisterTable::holding) {
  ProfilePoint result;
  result.field.address = address;
  result.field.type = type;
  result.field.table = table;
  return result;
}

DeviceProfile profile(std::vector<ProfilePoint> points, std::size_t max_registers = 125, std::size_t gap = 0) {
  DeviceProfile result;
  result.points = std::move(points);
  result.max_registers = max_registers;
  result.gap = gap;
  return result;
}

/// "4:10+3" for three registers from input register 10 on.
std::vector<std::string> requests(const std::vector<PlannedRead>& plan) {
  std::vector<std::string> texts;
  for (const auto& [request, points] : plan) {
    texts.push_back(fmt::format("{}:{}+{}", request.function(), request.address, request.count));
  }
  return texts;
}

TEST(Spans, join_neighbours_whatever_their_order) {
  const auto plan = plan_reads(profile({point(3), point(1, RegisterType::f32), point(0)}));
  EXPECT_THAT(requests(plan), ElementsAre("3:0+4"));
  EXPECT_THAT(plan[0].points, ElementsAre(2, 1, 0));
}

TEST(Spans, keep_the_register_tables_apart) {
  EXPECT_THAT(requests(plan_reads(profile({point(0), point(1, RegisterType::u16, RegisterTable::input)}))),
              ElementsAre("3:0+1", "4:1+1"));
}

TEST(Spans, run_across_a_hole_only_as_far_as_the_profile_allows) {
  EXPECT_THAT(requests(plan_reads(profile({point(0), point(4)}, 125, 3))), ElementsAre("3:0+5"));
  EXPECT_THAT(requests(plan_reads(profile({point(0), point(5)}, 125, 3))), ElementsAre("3:0+1", "3:5+1"));
}

TEST(Spans, never_ask_for_more_than_the_device_gives_nor_split_a_value) {
  EXPECT_THAT(requests(plan_reads(
                  profile({point(0, RegisterType::f32), point(2, RegisterType::f32), point(4, RegisterType::f32)}, 5))),
              ElementsAre("3:0+4", "3:4+2"));
}

TEST(Spans, hold_several_fields_of_one_register) {
  const auto plan = plan_reads(profile({point(7), point(7), point(6, RegisterType::u32)}));
  EXPECT_THAT(requests(plan), ElementsAre("3:6+2"));
  EXPECT_THAT(plan[0].points, ElementsAre(2, 0, 1));
}

TEST(Spans, reach_the_last_register) {
  EXPECT_THAT(requests(plan_reads(profile({point(65535), point(65534)}))), ElementsAre("3:65534+2"));
}

TEST(Spans, keep_all_parts_of_a_value_together) {
  auto scaled = point(10);
  scaled.field.exponent = 13;
  auto summed = point(20, RegisterType::f64);
  summed.field.terms = {{24, 1}};
  EXPECT_THAT(requests(plan_reads(profile({summed, scaled}))), ElementsAre("3:10+4", "3:20+8"));
  EXPECT_THAT(requests(plan_reads(profile({summed, scaled}, 17, 20))), ElementsAre("3:10+4", "3:20+8"));
  EXPECT_THAT(requests(plan_reads(profile({summed, scaled}, 18, 20))), ElementsAre("3:10+18"));
}

TEST(Spans, begin_with_the_first_part_of_a_value) {
  auto scaled = point(12);
  scaled.field.exponent = 10;
  EXPECT_THAT(requests(plan_reads(profile({point(11), scaled}))), ElementsAre("3:10+3"));
}

TEST(Spans, hold_a_single_value_where_the_device_gives_no_more) {
  auto single = profile({point(0), point(1), point(1)}, 2);
  single.one_value_per_request = true;
  const auto plan = plan_reads(single);
  EXPECT_THAT(requests(plan), ElementsAre("3:0+1", "3:1+1"));
  EXPECT_THAT(plan[1].points, ElementsAre(1, 2));
}

TEST(Spans, are_split_into_single_values) {
  const auto all = profile({point(0), point(1, RegisterType::f64), point(9)}, 125, 10);
  EXPECT_THAT(requests(plan_reads(all, in_order(all), 9, {false, true, true})), ElementsAre("3:0+1", "3:1+4", "3:9+1"));
}

TEST(Spans, of_every_shipped_profile_stay_within_its_limits_and_leave_nothing_out) {
  std::size_t profiles = 0;
  for (const auto& file : std::filesystem::directory_iterator{FETTLE_SOURCE_DIR "/config/devices"}) {
    settings::Mistakes mistakes;
    const auto root = settings::load_file(file.path().string(), mistakes);
    if (root["protocol"].scalar() != "modbus") continue;
    const auto device = acquisition::read_device_profile(root, mistakes);
    ++profiles;
    std::set<std::size_t> read;
    for (const auto& [request, points] : plan_reads(device)) {
      EXPECT_LE(request.count, device.max_registers) << device.name;
      for (const auto point : points) {
        const auto extent = extent_of(device.points[point].field);
        EXPECT_TRUE(extent.first >= request.address && extent.end <= std::size_t{request.address} + request.count)
            << device.name << " " << device.points[point].name;
        EXPECT_TRUE(read.insert(point).second) << device.name << " " << device.points[point].name;
      }
    }
    EXPECT_EQ(read.size(), device.points.size()) << device.name;
  }
  EXPECT_GE(profiles, 36U);
}

}  // namespace
}  // namespace fettle::modbus
