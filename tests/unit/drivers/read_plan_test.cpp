#include "modbus/read_plan.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace fettle::modbus {
namespace {

using acquisition::ClassSet;
using acquisition::DeviceProfile;
using acquisition::PointClass;
using testing::ElementsAre;
using testing::IsEmpty;

const ClassSet everything = ClassSet{}.set();

/// `count` points in neighbouring registers; every other one is slow.
DeviceProfile neighbours(std::uint16_t count) {
  DeviceProfile profile;
  profile.max_registers = 125;
  profile.gap = 10;
  for (std::uint16_t place = 0; place < count; ++place) {
    acquisition::ProfilePoint point;
    point.field.address = place;
    point.point_class = place % 2 == 0 ? PointClass::fast : PointClass::slow;
    profile.points.push_back(point);
  }
  return profile;
}

std::vector<std::string> texts(const std::vector<PlannedRead>& reads) {
  std::vector<std::string> result;
  for (const auto& read : reads) result.push_back(fmt::format("{}+{}", read.request.address, read.request.count));
  return result;
}

TEST(ReadPlan, asks_for_the_wanted_classes_and_runs_across_the_others_where_that_is_cheaper) {
  const auto profile = neighbours(6);
  ReadPlan plan{profile};
  EXPECT_THAT(texts(plan.reads(everything, 125)), ElementsAre("0+6"));
  ClassSet fast;
  fast.set(static_cast<std::size_t>(PointClass::fast));
  EXPECT_THAT(texts(plan.reads(fast, 125)), ElementsAre("0+5"));
  EXPECT_THAT(texts(plan.reads(fast, 0)), ElementsAre("0+1", "2+1", "4+1"));
}

TEST(ReadPlan, finds_the_one_register_that_a_device_does_not_have) {
  const auto profile = neighbours(64);
  ReadPlan plan{profile};
  std::size_t questions = 0;
  auto open = plan.reads(everything, 125);
  while (!open.empty()) {
    std::vector<PlannedRead> pieces;
    for (const auto& read : open) {
      ++questions;
      const auto& [request, points] = read;
      if (request.address > 37 || request.address + request.count <= 37) continue;
      for (auto& piece : plan.refused(read)) pieces.push_back(std::move(piece));
    }
    open = std::move(pieces);
  }
  EXPECT_LE(questions, 13U);
  EXPECT_TRUE(plan.is_given_up(37));
  for (std::size_t point = 0; point < 64; ++point) EXPECT_EQ(plan.is_given_up(point), point == 37);
  std::size_t asked = 0;
  for (const auto& read : plan.reads(everything, 125)) asked += read.points.size();
  EXPECT_EQ(asked, 63U);
}

TEST(ReadPlan, cuts_at_the_widest_hole_first) {
  auto profile = neighbours(4);
  profile.points[3].field.address = 9;
  ReadPlan plan{profile};
  const auto whole = plan.reads(everything, 125).front();
  EXPECT_THAT(texts(plan.refused(whole)), ElementsAre("0+3", "9+1"));
}

TEST(ReadPlan, forgives_a_device_that_begins_anew) {
  const auto profile = neighbours(1);
  ReadPlan plan{profile};
  const auto only = plan.reads(everything, 125).front();
  EXPECT_THAT(plan.refused(only), IsEmpty());
  EXPECT_TRUE(plan.is_everything_given_up());
  plan.forgive();
  EXPECT_THAT(texts(plan.reads(everything, 125)), ElementsAre("0+1"));
}

}  // namespace
}  // namespace fettle::modbus
