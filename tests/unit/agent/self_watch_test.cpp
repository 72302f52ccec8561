#include "self_watch_site.hpp"

#include <gmock/gmock.h>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(SelfWatch, is_silent_while_everything_answers) {
  Plant plant;
  plant.hear_all(noon);
  EXPECT_THAT(plant.look(noon), IsEmpty());
  EXPECT_THAT(plant.look(noon + 24h), IsEmpty());
  EXPECT_THAT(plant.watch.parents(plant.site), IsEmpty());
}

TEST(SelfWatch, raises_bus_loss_and_not_device_loss_when_a_whole_bus_is_silent) {
  Plant plant;
  plant.hear_all(noon);
  for (const auto place : {0U, 1U}) plant.hear(0, place, false, noon + 1min);
  EXPECT_THAT(plant.look(noon + 15min), IsEmpty());
  const auto alerts = plant.look(noon + 16min);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].slot(), "north/bus-loss");
  EXPECT_EQ(alerts[0].kind, AlertKind::system);
  EXPECT_THAT(alerts[0].text, HasSubstr("2026-03-01T12:01:00Z"));
}

TEST(SelfWatch, names_a_silent_device_since_when_and_what_to_check) {
  Plant plant;
  plant.hear_all(noon);
  EXPECT_THAT(plant.look(noon), IsEmpty());
  plant.hear(0, 1, false, noon + 1min);
  EXPECT_THAT(plant.look(noon + 15min), IsEmpty());
  const auto alerts = plant.look(noon + 16min);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].slot(), "north/device-loss");
  EXPECT_EQ(alerts[0].iso14224, "OTH");
  EXPECT_EQ(alerts[0].title, "1 device on bus north does not answer: meter");
  EXPECT_THAT(alerts[0].text, HasSubstr("meter since 2026-03-01T12:01:00Z (no answer within 300ms)"));
  EXPECT_THAT(alerts[0].text, HasSubstr("check power, wiring and address"));
  EXPECT_THAT(plant.look(noon + 17min), IsEmpty());
}

/// A bus of three, so that two may be silent while it answers.
Installation wide_site() {
  auto site = two_buses();
  site.devices[2].settings.bus = "north";
  return site;
}

TEST(SelfWatch, revises_device_loss_when_the_list_changes_and_clears_it_when_it_is_empty) {
  Plant plant{wide_site()};
  plant.hear_all(noon);
  EXPECT_THAT(plant.look(noon), IsEmpty());
  plant.hear(0, 0, false, noon);
  ASSERT_THAT(plant.look(noon + 15min), SizeIs(1));
  plant.hear(0, 2, false, noon + 20min);
  EXPECT_THAT(plant.look(noon + 30min), IsEmpty());
  const auto both = plant.look(noon + 35min);
  ASSERT_THAT(both, SizeIs(1));
  EXPECT_EQ(both[0].rev, 2);
  EXPECT_EQ(both[0].title, "2 devices on bus north do not answer: ahu, pump");
  plant.hear(0, 0, true, noon + 36min);
  EXPECT_EQ(plant.look(noon + 36min).at(0).title, "1 device on bus north does not answer: pump");
  plant.hear(0, 2, true, noon + 37min);
  const auto none = plant.look(noon + 37min);
  ASSERT_THAT(none, SizeIs(1));
  EXPECT_EQ(none[0].state, AlertState::cleared);
  EXPECT_EQ(none[0].rev, 4);
}

TEST(SelfWatch, gives_the_devices_of_a_bus_that_comes_back_their_patience) {
  Plant plant;
  plant.hear_all(noon);
  for (const auto place : {0U, 1U}) plant.hear(0, place, false, noon);
  EXPECT_EQ(plant.look(noon + 15min).at(0).mode, "bus-loss");
  plant.hear(0, 0, true, noon + 1h);
  const auto back = plant.look(noon + 1h);
  ASSERT_THAT(back, SizeIs(1));
  EXPECT_EQ(back[0].slot(), "north/bus-loss");
  EXPECT_EQ(back[0].state, AlertState::cleared);
  EXPECT_THAT(plant.look(noon + 74min), IsEmpty());
  EXPECT_EQ(plant.look(noon + 75min).at(0).slot(), "north/device-loss");
}

TEST(SelfWatch, explains_the_assets_of_a_lost_bus_until_it_answers) {
  Plant plant;
  plant.hear_all(noon);
  for (const auto place : {0U, 1U}) plant.hear(0, place, false, noon);
  const auto id = plant.look(noon + 15min).at(0).id;
  EXPECT_THAT(plant.watch.parents(plant.site), UnorderedElementsAre(Pair("FAN-01", id), Pair("PUMP-01", id)));
  plant.hear(0, 0, true, noon + 20min);
  EXPECT_THAT(plant.look(noon + 20min), SizeIs(1));
  EXPECT_THAT(plant.watch.parents(plant.site), IsEmpty());
}

TEST(SelfWatch, explains_only_the_assets_that_need_a_lost_device) {
  Plant plant;
  plant.hear_all(noon);
  EXPECT_THAT(plant.look(noon), IsEmpty());
  plant.hear(0, 1, false, noon);
  const auto id = plant.look(noon + 15min).at(0).id;
  EXPECT_THAT(plant.watch.parents(plant.site), ElementsAre(Pair("PUMP-01", id)));
}

TEST(SelfWatch, does_not_excuse_an_asset_for_a_role_that_it_can_do_without) {
  Plant plant;
  plant.hear_all(noon);
  plant.hear(1, 0, false, noon);
  const auto id = plant.look(noon + 15min).at(0).id;
  EXPECT_THAT(plant.watch.parents(plant.site), ElementsAre(Pair("PUMP-01", id)));
}

TEST(SelfWatch, prefers_the_lost_bus_to_a_lost_device_as_the_explanation) {
  Plant plant;
  plant.hear_all(noon);
  EXPECT_THAT(plant.look(noon), IsEmpty());
  plant.hear(0, 1, false, noon);
  plant.hear(1, 0, false, noon);
  const auto alerts = plant.look(noon + 15min);
  ASSERT_THAT(alerts, SizeIs(2));
  EXPECT_EQ(alerts[1].slot(), "south/bus-loss");
  EXPECT_EQ(plant.watch.parents(plant.site).at("PUMP-01"), alerts[1].id);
}

TEST(SelfWatch, remembers_over_a_restart_what_is_lost_until_it_answers) {
  Plant before;
  before.hear_all(noon);
  EXPECT_THAT(before.look(noon), IsEmpty());
  before.hear(0, 1, false, noon);
  before.hear(1, 0, false, noon);
  const auto lost = before.look(noon + 15min);
  Plant after;
  for (const auto& alert : lost) EXPECT_TRUE(after.watch.restore(alert));
  EXPECT_EQ(after.watch.parents(after.site), before.watch.parents(before.site));
  EXPECT_THAT(after.look(noon + 16min), IsEmpty());
  after.hear(0, 0, true, noon + 17min);
  after.hear(0, 1, false, noon + 17min);
  after.hear(1, 0, true, noon + 17min);
  const auto alerts = after.look(noon + 17min);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].slot(), "south/bus-loss");
  EXPECT_EQ(alerts[0].state, AlertState::cleared);
  after.hear(0, 1, true, noon + 18min);
  EXPECT_EQ(after.look(noon + 18min).at(0).slot(), "north/device-loss");
}

TEST(SelfWatch, keeps_a_long_list_of_devices_within_the_contract_s_limits) {
  auto site = two_buses();
  for (int more = 0; more < 60; ++more) {
    site.devices.push_back(site.devices[0]);
    site.devices.back().settings.key = "variable_air_volume_box_" + std::to_string(more);
  }
  Plant plant{site};
  plant.hear_all(noon);
  EXPECT_THAT(plant.look(noon), IsEmpty());
  for (std::size_t place = 1; place < plant.buses[0].states.size(); ++place) plant.hear(0, place, false, noon);
  const auto alert = plant.look(noon + 15min).at(0);
  EXPECT_EQ(alert.title, "61 devices on bus north do not answer: meter, variable_air_volume_box_0 and 59 more");
  EXPECT_LE(alert.text.size(), 1000U);
  EXPECT_THAT(alert.text, HasSubstr("check power"));
}

TEST(SelfWatch, finds_its_episodes_by_id) {
  Plant plant;
  plant.hear_all(noon);
  plant.hear(1, 0, false, noon);
  const auto alert = plant.look(noon + 15min).at(0);
  ASSERT_NE(plant.watch.episode(alert.id), nullptr);
  EXPECT_EQ(plant.watch.episode(alert.id)->facts().mode, "bus-loss");
  EXPECT_EQ(plant.watch.episode("01JD8Q4Z7T3V9XK2M5N6P8R0SA"), nullptr);
}

TEST(SelfWatch, marks_its_alerts_as_tests_while_the_gateway_is_commissioned) {
  Plant plant;
  plant.hear_all(noon);
  plant.hear(1, 0, false, noon);
  EXPECT_THAT(plant.look(noon + 15min), SizeIs(1));
  const auto marked = plant.watch.set_test(noon + 16min, true);
  ASSERT_THAT(marked, SizeIs(1));
  EXPECT_TRUE(marked[0].test);
  EXPECT_THAT(plant.watch.set_test(noon + 17min, true), IsEmpty());
  plant.vitals.store_trouble = "disk full";
  EXPECT_TRUE(plant.look(noon + 18min).at(0).test);
}

TEST(SelfWatch, takes_no_step_of_the_clock_for_a_silence) {
  Plant plant;
  plant.hear_all(noon);
  EXPECT_THAT(plant.look(noon), IsEmpty());
  plant.hear(0, 1, false, noon);
  for (auto& bus : plant.buses) bus.shift(24h);
  plant.watch.shift(24h);
  EXPECT_THAT(plant.look(noon + 24h + 14min), IsEmpty());
  EXPECT_THAT(plant.look(noon + 24h + 15min), SizeIs(1));
}

}  // namespace
}  // namespace fettle
