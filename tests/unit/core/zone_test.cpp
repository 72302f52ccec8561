#include "core/zone.hpp"

#include <gtest/gtest.h>

namespace fettle {
namespace {

using namespace std::chrono_literals;

/// Summer time ends, and 02:00 to 03:00 comes twice.
const Time autumn = *parse_rfc3339("2026-10-25T01:00:00Z");
/// It begins, and 02:00 to 03:00 is left out.
const Time spring = *parse_rfc3339("2026-03-29T01:00:00Z");

TEST(Zone, knows_the_hours_around_a_switch_of_the_clocks) {
  const auto zone = Zone::named("Europe/Berlin").value();
  for (const auto at : {autumn, spring}) {
    EXPECT_FALSE(zone.is_near_switch(at - 2h));
    EXPECT_TRUE(zone.is_near_switch(at - 59min));
    EXPECT_TRUE(zone.is_near_switch(at));
    EXPECT_TRUE(zone.is_near_switch(at + 59min));
    EXPECT_FALSE(zone.is_near_switch(at + 61min));
  }
  EXPECT_FALSE(Zone{}.is_near_switch(autumn));
}

TEST(Zone, lets_an_hour_come_twice_and_leaves_one_out) {
  const auto zone = Zone::named("Europe/Berlin").value();
  EXPECT_EQ(zone.wall_second(autumn - 30min), zone.wall_second(autumn + 30min));
  EXPECT_EQ(zone.wall_second(spring) - zone.wall_second(spring - 1s), 3601);
}

}  // namespace
}  // namespace fettle
