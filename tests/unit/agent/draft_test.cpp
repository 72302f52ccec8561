#include "draft.hpp"

#include "installation.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "neighbour_hint.hpp"
#include "support/temp_dir.hpp"

namespace fettle {
namespace {

using namespace std::chrono_literals;
using acquisition::DeviceProfile;
using acquisition::FoundDevice;
using acquisition::ScanFindings;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

DeviceProfile shipped(const std::string& name) {
  settings::Mistakes mistakes;
  return acquisition::read_device_profile(
      settings::load_file(FETTLE_SOURCE_DIR "/config/devices/" + name + ".yaml", mistakes), mistakes);
}

FoundDevice found(int unit, const std::string& profile, const std::string& identity) {
  FoundDevice device;
  device.where = "unit " + std::to_string(unit);
  device.place = {"unit", std::to_string(unit)};
  device.profile = profile;
  device.identity = identity;
  device.reading = 300;
  device.quality.answers = 16;
  device.quality.latency_p95 = 12;
  return device;
}

ScanFindings findings() {
  ScanFindings findings;
  findings.driver = "modbus_rtu";
  findings.line = {
      {"port", "/dev/serial/by-id/usb-x \"1\""}, {"baud", "19200"}, {"parity", "even"}, {"stop_bits", "1"}};
  findings.timeout = 150ms;
  findings.devices = {found(3, "schneider_iem3155_iem3255", "meter model iEM3155"), found(8, "", "Acme\nevil: 1")};
  findings.devices[1].fits = {"could be eastron_sdm630: 11 values of 3 quantities are plausible, none is not"};
  findings.devices[1].pause = 50ms;
  return findings;
}

TEST(Draft, is_a_site_file_that_can_be_run_as_it_is) {
  const test::TempDir folder;
  const std::vector<DeviceProfile> profiles{shipped("schneider_iem3155_iem3255")};
  std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/devices", folder.path() / "devices");
  std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/equipment", folder.path() / "equipment");
  const auto file = folder.write("site.yaml", draft_of(findings(), profiles, {"gw-plant", "Europe/Berlin"}));
  const auto installation = load_installation(file);
  for (const auto& mistake : installation.confined.all()) ADD_FAILURE() << to_text(mistake);
  ASSERT_EQ(installation.devices.size(), 1U);
  EXPECT_EQ(installation.devices[0].settings.key, "meter_3");
  EXPECT_EQ(installation.devices[0].settings.paces.fast, 1s);
  EXPECT_EQ(installation.devices[0].settings.paces.normal, 10s);
  EXPECT_EQ(installation.devices[0].settings.paces.slow, 1min);
  EXPECT_EQ(installation.site.buses[0].node["port"].scalar(), "/dev/serial/by-id/usb-x \"1\"");
  EXPECT_EQ(installation.site.buses[0].node["min_gap"].scalar(), "50ms");
  EXPECT_EQ(installation.assets.back().asset.key, "METER-3");
  EXPECT_EQ(installation.assets.back().asset.points.size(), 4U);
}

TEST(Draft, says_in_comments_what_nobody_knows) {
  const auto text = draft_of(findings(), std::vector{shipped("schneider_iem3155_iem3255")}, {});
  EXPECT_THAT(text, HasSubstr("\n  # unit 8: unknown (Acme evil: 1)\n"));
  EXPECT_THAT(text, HasSubstr("\n  #   could be eastron_sdm630: 11 values"));
  EXPECT_THAT(text, HasSubstr("\n  # - {id: device_8, bus: line_1, unit: 8, profile: PROFILE, every: 10s}\n"));
}

TEST(Draft, asks_no_more_often_than_half_of_the_line_s_time_allows) {
  auto slow = findings();
  slow.devices[0].reading = 12'000;
  EXPECT_THAT(draft_of(slow, std::vector{shipped("schneider_iem3155_iem3255")}, {}),
              HasSubstr("every: {fast: 30s, normal: 1m, slow: 5m}"));
}

TEST(Draft, writes_one_time_for_a_profile_of_one_class) {
  auto one = findings();
  one.devices.resize(1);
  auto profile = shipped("schneider_iem3155_iem3255");
  for (auto& point : profile.points) point.point_class = acquisition::PointClass::slow;
  EXPECT_THAT(draft_of(one, std::vector{profile}, {}), HasSubstr("profile: schneider_iem3155_iem3255, every: 1m}"));
}

/// A meter on battery that no profile fits, and one at the same line that says less.
ScanFindings of_mbus() {
  ScanFindings result;
  result.driver = "mbus";
  result.line = {{"port", "/dev/ttyUSB0"}, {"baud", "2400"}};
  result.hints = {"two\nlines"};
  FoundDevice meter;
  meter.where = "meter 06855817";
  meter.place = {"secondary", "06855817"};
  meter.identity = "Kamstrup (KAM) 06855817, heat, version 1B";
  meter.rest = 15min;
  meter.reading = 700;
  meter.speaks = {{"protocol", "mbus"}, {"battery", "true"}};
  meter.values = {{"e_heat", "active_energy", "12345 kWh", "0C 06", "record: energy", true},
                  {"e_heat_s1", "active_energy", "12000 kWh", "4C 06", "record: {kind: energy, storage: 1}", false},
                  {"date_time", "", "2014-03-12T14:23\n", "04 6D", "", true}};
  result.devices.push_back(meter);
  return result;
}

TEST(Draft, writes_a_profile_of_what_a_meter_sends) {
  const test::TempDir folder;
  const auto text = draft_of(of_mbus(), {}, {});
  const auto installation = load_installation(folder.write("site.yaml", text));
  for (const auto& mistake : installation.confined.all()) ADD_FAILURE() << to_text(mistake);
  ASSERT_EQ(installation.devices.size(), 1U);
  const auto& device = installation.devices[0];
  EXPECT_EQ(device.settings.key, "meter_06855817");
  EXPECT_EQ(device.settings.every, 15min);
  ASSERT_EQ(device.profile->points.size(), 1U);
  EXPECT_EQ(device.profile->points[0].name, "e_heat");
  EXPECT_THAT(text, HasSubstr("    secondary: \"06855817\"\n"));
  EXPECT_THAT(text, HasSubstr("        e_heat: {quantity: active_energy, record: energy}  # 12345 kWh (0C 06)\n"));
  EXPECT_THAT(text,
              HasSubstr("        # e_heat_s1: {quantity: active_energy, record: {kind: energy, storage: 1}}  # 12"));
  EXPECT_THAT(text, HasSubstr("        # date_time: 2014-03-12T14:23  (04 6D)\n"));
  EXPECT_THAT(text, HasSubstr("    # two lines\n"));
}

TEST(Draft, of_unknown_devices_alone_has_none_and_can_be_loaded) {
  auto unknown = findings();
  unknown.devices.erase(unknown.devices.begin());
  const test::TempDir folder;
  const auto installation = load_installation(folder.write("site.yaml", draft_of(unknown, {}, {})));
  EXPECT_TRUE(installation.confined.empty());
  EXPECT_TRUE(installation.devices.empty());
}

const Time noon{};

TEST(NeighbourHint, doubts_what_a_supply_in_use_cannot_show) {
  const auto meter = shipped("eastron_sdm630");
  std::vector<Reading> readings(meter.points.size(), bad({}, noon, Reason::timeout));
  const auto v = *meter.find("v_l1"), f = *meter.find("f"), i = *meter.find("i_l1");
  readings[v] = good({}, noon, 1e-41);
  readings[f] = good({}, noon, 0);
  readings[i] = good({}, noon, 0);
  EXPECT_THAT(doubtful_points(meter.points, readings), testing::UnorderedElementsAre(v, f));
  readings[v] = good({}, noon, 0);  // a phase that is not connected
  readings[f] = good({}, noon, 50);
  EXPECT_THAT(doubtful_points(meter.points, readings), testing::IsEmpty());
}

TEST(NeighbourHint, names_the_side_that_makes_sense_of_more) {
  const auto meter = shipped("eastron_sdm630");
  const std::vector points{meter.points[*meter.find("v_l1")], meter.points[*meter.find("f")]};
  const Look nonsense{points, {good({}, noon, 1e9), bad({}, noon, Reason::unsupported)}};
  const Look sense{points, {good({}, noon, 230.5), good({}, noon, 50.02)}};
  const auto hint = neighbour_hint("meter", 2, nonsense, sense);
  ASSERT_TRUE(hint);
  EXPECT_THAT(*hint,
              HasSubstr("meter: 2 of 2 doubtful points make sense one register further on (v_l1 230.5 V, f 50.02 Hz)"));
  EXPECT_THAT(*neighbour_hint("meter", 2, sense, nonsense), HasSubstr("one register before"));
  EXPECT_FALSE(neighbour_hint("meter", 2, sense, sense));
  EXPECT_FALSE(neighbour_hint("meter", 2, nonsense, {points, {good({}, noon, 230.5), good({}, noon, 0)}}));
}

TEST(NeighbourHint, moves_only_what_is_doubtful_and_can_be_moved) {
  const auto meter = shipped("eastron_sdm630");
  const auto v = *meter.find("v_l1"), f = *meter.find("f");
  const auto after = shifted(meter, {v, f}, 1);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->points[0].field.address, meter.points[v].field.address + 1);
  const auto before = shifted(meter, {v, f}, -1);
  ASSERT_TRUE(before);
  ASSERT_EQ(before->points.size(), 1U);  // v_l1 is at 0
  EXPECT_EQ(before->points[0].field.address, meter.points[f].field.address - 1);
}

}  // namespace
}  // namespace fettle
