#include "settings/site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::settings {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(const Mistakes& mistakes) {
  std::vector<std::string> texts;
  for (const auto& mistake : mistakes.all()) texts.push_back(to_text(mistake));
  return texts;
}

struct Read {
  Site site;
  std::vector<std::string> mistakes, confined;
};

Read read(const std::string& text) {
  Mistakes mistakes;
  auto site = read_site(load_text(text, "sites/a.yaml", mistakes), mistakes);
  auto confined = texts(site.confined);
  return {std::move(site), texts(mistakes), std::move(confined)};
}

const std::string head =
    "gateway: {id: gw-1}\n"
    "site: {id: HQ, tz: Europe/Berlin, building: B2, floor: \"3\", access: key at reception, geo: [52.5, 13.4]}\n"
    "store: {folder: /var/lib/fettle}\n";

TEST(Site, is_read_with_its_defaults) {
  const auto [site, mistakes, confined] = read(head);
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(site.gateway.id, "gw-1");
  EXPECT_EQ(site.gateway.clock, ClockSource::system);
  EXPECT_FALSE(site.gateway.commissioning);
  EXPECT_EQ(site.gateway.heartbeat, 5min);
  EXPECT_EQ(site.location.site, "HQ");
  EXPECT_EQ(site.location.geo->at(1), 13.4);
  EXPECT_EQ(site.store, "/var/lib/fettle");
  EXPECT_FALSE(site.broker);
  EXPECT_EQ(site.devices_folder, "sites/devices");
  EXPECT_EQ(site.equipment_folder, "sites/equipment");
}

TEST(Site, says_what_is_wrong_with_the_gateway_the_place_and_the_store) {
  const auto [site, mistakes, confined] = read(
      "gateway: {id: gw/1, clock: sundial, mode: trial, heartbeat: 48h}\n"
      "site: {id: HQ, tz: Mars/Olympus, geo: [91, 0]}\n"
      "sotre: {folder: x}\n");
  EXPECT_THAT(
      mistakes,
      ElementsAre("sites/a.yaml:1:15: gateway.id: \"gw/1\" cannot be part of a topic (1 to 64 of A-Z a-z 0-9 _ -)",
                  "sites/a.yaml:1:28: gateway.clock: \"sundial\" is none of system, trust",
                  "sites/a.yaml:1:43: gateway.mode: \"trial\" is none of operational, commissioning",
                  "sites/a.yaml:1:61: gateway.heartbeat: \"48h\" is too long (at most 1d)",
                  "sites/a.yaml:2:20: site.tz: \"Mars/Olympus\" is no time zone (try Europe/Berlin; `timedatectl "
                  "list-timezones` lists them)",
                  "sites/a.yaml:2:39: site.geo: this is no place (write [latitude, longitude] in degrees)",
                  "sites/a.yaml:1:1: \"store\" is missing",
                  "sites/a.yaml:3:1: unknown key \"sotre\" (did you mean \"store\"?)"));
}

TEST(Site, leaves_a_drivers_own_keys_to_the_driver) {
  const auto [site, mistakes, confined] = read(head +
                                               "buses: [{id: b1, driver: modbus_tcp, host: x}]\n"
                                               "devices: [{id: d1, bus: b1, profile: p, every: 5s, unit: 3}]\n");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(confined, IsEmpty());
  EXPECT_EQ(site.buses.at(0).driver, "modbus_tcp");
  EXPECT_EQ(site.buses.at(0).node["host"].scalar(), "x");
  EXPECT_EQ(site.devices.at(0).profile, "p");
  EXPECT_EQ(site.devices.at(0).every, 5s);
  EXPECT_EQ(site.devices.at(0).node["unit"].scalar(), "3");
}

TEST(Site, reads_one_pace_or_one_for_each_class_of_points) {
  const auto [site, mistakes, confined] =
      read(head +
           "devices:\n"
           "  - {id: a, bus: b, profile: p, every: 10s}\n"
           "  - {id: b, bus: b, profile: p, every: {fast: 1s, normal: 10s, slow: 1m}}\n"
           "  - {id: c, bus: b, profile: p, every: {normal: 10s}}\n");
  EXPECT_THAT(confined, IsEmpty());
  EXPECT_EQ(site.devices.at(0).every, 10s);
  EXPECT_EQ(site.devices.at(0).paces.slow, 10s);
  EXPECT_EQ(site.devices.at(1).every, 1s);
  EXPECT_EQ(site.devices.at(1).paces.fast, 1s);
  EXPECT_EQ(site.devices.at(1).paces.normal, 10s);
  EXPECT_EQ(site.devices.at(1).paces.slow, 1min);
  EXPECT_EQ(site.devices.at(2).paces.fast, 10s);
  EXPECT_EQ(site.devices.at(2).paces.slow, 10s);
}

TEST(Site, refuses_paces_that_cannot_be) {
  const auto [site, mistakes, confined] = read(head +
                                               "devices:\n"
                                               "  - {id: a, bus: b, profile: p, every: {fast: 1m, normal: 10s}}\n"
                                               "  - {id: b, bus: b, profile: p, every: {fats: 1s, normal: 10ms}}\n"
                                               "  - {id: c, bus: b, profile: p, every: {fast: 1s}}\n");
  EXPECT_THAT(confined,
              ElementsAre("sites/a.yaml:5:40: devices[0].every: fast must not be slower than normal, nor "
                          "normal slower than slow",
                          "sites/a.yaml:6:59: devices[1].every.normal: \"10ms\" is too short (at least 100ms)",
                          "sites/a.yaml:6:41: devices[1].every: unknown key \"fats\" (did you mean \"fast\"?)",
                          "sites/a.yaml:7:40: devices[2].every: \"normal\" is missing"));
}

TEST(Site, reads_entries_that_stand_for_several) {
  const auto [site, mistakes, confined] = read(head +
                                               "buses: [{id: meters, driver: x, defaults: {profile: p, every: 5s}}]\n"
                                               "devices: [{id: 'm_{n}', bus: meters, unit: '{n}', for: {n: 1..3}}]\n"
                                               "assets: [{id: 'M-{n}', points: {power: 'm_{n}/p'}, for: {n: 1..3}}]\n");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(confined, IsEmpty());
  ASSERT_EQ(site.devices.size(), 3U);
  EXPECT_EQ(site.devices.at(2).key, "m_3");
  EXPECT_EQ(site.devices.at(2).every, 5s);
  ASSERT_EQ(site.assets.size(), 3U);
  EXPECT_EQ(site.assets.at(2).points.at(0).device, "m_3");
}

TEST(Site, leaves_out_an_entry_whose_repetition_is_wrong_and_nothing_else) {
  const auto [site, mistakes, confined] = read(head +
                                               "devices:\n"
                                               "  - {id: 'm_{n}', bus: b, for: {n: 3..1}}\n"
                                               "  - {id: d, bus: b, profile: p, every: 5s}\n");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(confined, ElementsAre(testing::HasSubstr("devices[0].for.n: \"3..1\" is no range")));
  ASSERT_EQ(site.devices.size(), 1U);
  EXPECT_EQ(site.devices.at(0).key, "d");
}

TEST(Site, takes_a_profile_written_inline) {
  const auto [site, mistakes, confined] = read(head + "devices: [{id: d1, bus: b1, every: 5s, profile: {title: x}}]\n");
  EXPECT_EQ(site.devices.at(0).profile, "");
  EXPECT_EQ(site.devices.at(0).inline_profile["title"].scalar(), "x");
}

TEST(Site, reads_an_asset_which_inherits_the_place) {
  const auto [site, mistakes, confined] = read(head +
                                               "assets:\n"
                                               "  - id: AHU-1\n"
                                               "    model: air_handler\n"
                                               "    maker: Acme\n"
                                               "    model_name: AX\n"
                                               "    serial: S1\n"
                                               "    serves: east\n"
                                               "    space: room 1\n"
                                               "    parameters: {final_filter_dp: 200}\n"
                                               "    points: {fan_speed: io/fan}\n"
                                               "    disabled_modes: [filter-clog]\n");
  EXPECT_THAT(confined, IsEmpty());
  const auto& settings = site.assets.at(0);
  EXPECT_EQ(settings.asset.ref, "gw-1_AHU-1");
  EXPECT_EQ(settings.asset.name, "AHU-1");
  EXPECT_EQ(settings.asset.model_class, "air_handler");
  EXPECT_EQ(settings.asset.model, "AX");
  EXPECT_EQ(settings.asset.location.building, "B2");
  EXPECT_EQ(settings.asset.location.floor, "3");
  EXPECT_EQ(settings.asset.location.space, "room 1");
  EXPECT_EQ(settings.asset.location.access, "key at reception");
  EXPECT_EQ(settings.parameters.at("final_filter_dp"), 200);
  EXPECT_EQ(settings.points.at(0).device, "io");
  EXPECT_EQ(settings.points.at(0).point, "fan");
  EXPECT_THAT(settings.disabled_modes, ElementsAre("filter-clog"));
}

TEST(Site, confines_a_mistake_to_its_device_or_asset) {
  const auto [site, mistakes, confined] = read(head +
                                               "devices:\n"
                                               "  - {id: d1, bus: b1, profile: p, every: soon}\n"
                                               "  - {id: d2, bus: b1, profile: p, every: 5s}\n"
                                               "assets:\n"
                                               "  - {id: A, points: {x: d2}}\n"
                                               "  - {id: B, points: {x: d2/y}}\n");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(confined,
              ElementsAre("sites/a.yaml:5:42: devices[0].every: \"soon\" is not a duration (try 5s)",
                          "sites/a.yaml:8:25: assets[0].points.x: \"d2\" is no device point (write device/point)"));
  ASSERT_EQ(site.devices.size(), 1);
  EXPECT_EQ(site.devices.at(0).key, "d2");
  ASSERT_EQ(site.assets.size(), 1);
  EXPECT_EQ(site.assets.at(0).asset.key, "B");
}

TEST(Site, names_the_line_of_the_first_one_when_an_id_is_taken) {
  const auto [site, mistakes, confined] = read(head +
                                               "buses:\n"
                                               "  - {id: b1, driver: x}\n"
                                               "  - {id: b1, driver: x}\n"
                                               "assets:\n"
                                               "  - {id: A}\n"
                                               "  - {id: A}\n"
                                               "  - {id: gw-1}\n"
                                               "devices:\n"
                                               "  - {id: b1, bus: b1, profile: p, every: 5s}\n"
                                               "  - {id: b1, bus: b1, profile: p, every: 5s}\n");
  EXPECT_THAT(mistakes, ElementsAre("sites/a.yaml:6:10: buses[1].id: \"b1\" is taken already by the bus in line 5"));
  EXPECT_THAT(confined,
              ElementsAre("sites/a.yaml:13:10: devices[1].id: \"b1\" is taken already by the device in line 12",
                          "sites/a.yaml:9:10: assets[1].id: \"A\" is taken already by the asset in line 8",
                          "sites/a.yaml:10:10: assets[2].id: \"gw-1\" is taken already by the gateway in line 1"));
  EXPECT_EQ(site.devices.size(), 1);
  EXPECT_EQ(site.assets.size(), 1);
}

}  // namespace
}  // namespace fettle::settings
