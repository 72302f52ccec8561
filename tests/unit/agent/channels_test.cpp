#include "channels.hpp"

#include <gmock/gmock.h>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

acquisition::SharedProfile profile_of(std::size_t points, const acquisition::Motion& of_the_last = {}) {
  acquisition::DeviceProfile profile;
  profile.points.resize(points);
  profile.points.back().motion = of_the_last;
  return shared(std::move(profile));
}

/// A bus with a thermometer (one point, read by two roles) and a meter whose counter is full at 10.
Installation installation() {
  Installation result;
  InstalledDevice thermometer, meter, elsewhere;
  elsewhere.settings.bus = "another";
  elsewhere.profile = profile_of(3);
  thermometer.settings.key = "thermometer";
  meter.settings.key = "meter";
  thermometer.settings.bus = meter.settings.bus = "line";
  thermometer.profile = profile_of(1);
  thermometer.wiring = {{0, PointId{5}}, {0, PointId{6}}};
  meter.profile = profile_of(2, {0, 0.1, true, 10});
  meter.wiring = {{0, PointId{7}}, {1, PointId{8}}};
  result.devices = {elsewhere, thermometer, meter};
  return result;
}

Reading value(std::uint32_t channel, Duration after, double number) {
  return good(PointId{channel}, Time{after}, number);
}

std::vector<std::string> shown(const std::vector<Reading>& readings) {
  std::vector<std::string> result;
  for (const auto& each : readings) {
    result.push_back(std::to_string(each.point.index) + " " + std::string{name_of(each.quality)} + " " +
                     std::string{name_of(each.reason)});
  }
  return result;
}

TEST(Channels, send_each_value_to_the_points_that_it_feeds) {
  DeviceKinds kinds;
  Channels channels{installation(), "line", kinds};
  EXPECT_THAT(shown(channels.readings({value(0, 1s, 20), value(1, 1s, 3), value(9, 1s, 3)})),
              ElementsAre("5 good ", "6 good ", "7 good "));
}

TEST(Channels, doubt_a_counter_that_falls_and_not_one_that_ran_over) {
  DeviceKinds kinds;
  Channels channels{installation(), "line", kinds};
  channels.readings({value(2, 1s, 9.9)});
  EXPECT_THAT(shown(channels.readings({value(2, 2s, 0.1)})), ElementsAre("8 good "));
  channels.readings({value(2, 3s, 5)});
  EXPECT_THAT(shown(channels.readings({value(2, 4s, 1)})), ElementsAre("8 uncertain set back"));
}

TEST(Channels, remember_a_value_when_it_goes_to_another_point) {
  auto site = installation();
  DeviceKinds kinds;
  Channels channels{site, "line", kinds};
  channels.readings({value(2, 1s, 5)});
  site.devices[2].wiring = {{1, PointId{2}}};
  channels.lead_to(site, "line");
  EXPECT_THAT(shown(channels.readings({value(2, 2s, 1)})), ElementsAre("2 uncertain set back"));
  EXPECT_THAT(shown(channels.readings({value(1, 2s, 1)})), IsEmpty());
}

TEST(Channels, give_no_value_to_what_cannot_be_in_telemetry_too) {
  DeviceKinds kinds;
  Channels channels{installation(), "line", kinds};
  EXPECT_THAT(shown(channels.readings({value(0, 1s, 1e9)})), ElementsAre("5 bad out of range", "6 bad out of range"));
}

TEST(Channels, tell_a_moment_once) {
  DeviceKinds kinds;
  Channels channels{installation(), "line", kinds};
  channels.readings({value(0, 1s, 20)});
  EXPECT_THAT(shown(channels.readings({value(0, 1s, 20)})), IsEmpty());
}

TEST(Channels, leave_what_people_set_alone) {
  auto site = installation();
  auto profile = *site.devices[1].profile;
  profile.points[0].quantity = Quantity::temperature;
  profile.points[0].scaling.highest = 100;
  site.devices[1].profile = acquisition::shared(std::move(profile));
  const auto leap = [&site] {
    DeviceKinds kinds;
    Channels channels{site, "line", kinds};
    for (int i = 0; i < 200; ++i) channels.readings({value(0, 1min * i, 20)});
    return shown(channels.readings({value(0, 1h * 4, 60)}));
  };
  EXPECT_THAT(leap(), ElementsAre("5 uncertain spike", "6 uncertain spike"));
  site.points.resize(7);
  site.points[6].role = "supply_temperature_setpoint";
  EXPECT_THAT(leap(), ElementsAre("5 good ", "6 good "));
}

TEST(Channels, remember_how_their_points_move_by_device) {
  const auto site = installation();
  DeviceKinds kinds;
  Channels channels{site, "line", kinds};
  ASSERT_EQ(channels.learned().size(), 2);
  EXPECT_EQ(channels.learned()[0]->state_id(), "quality/thermometer");
  EXPECT_EQ(channels.learned()[1]->state_id(), "quality/meter");
}

TEST(DeviceKinds, keep_what_is_equal_once_while_somebody_needs_it) {
  DeviceKinds kinds;
  const auto known = [](double highest) {
    manipulation::PointFacts facts;
    facts.highest = highest;
    return std::vector{facts};
  };
  auto first = kinds.share(known(1));
  EXPECT_EQ(kinds.share(known(1)), first);
  EXPECT_NE(kinds.share(known(2)), first);
  const std::weak_ptr watched{first};
  first.reset();
  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(kinds.share(known(1))->front().highest, 1);
}

}  // namespace
}  // namespace fettle
