#include "installation.hpp"

#include "acquisition/driver.hpp"
#include "model_check.hpp"
#include "settings/fields.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>

namespace fettle {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A wire that leads nowhere: loading a site opens none.
class NoDriver : public acquisition::Driver {
 public:
  Result<std::size_t> read(std::span<Reading> /*into*/) override { return failure(Fault::offline, "never"); }
  std::string raw(std::size_t /*point*/) const override { return {}; }
  std::string source(std::size_t point) const override { return fmt::format("nowhere:{}", point); }
};

class NoLine : public acquisition::Line {
 public:
  std::unique_ptr<acquisition::Driver> attach(const acquisition::SharedProfile& /*profile*/,
                                              const settings::Node& device, settings::Mistakes& mistakes) override {
    settings::Fields fields{device, mistakes};
    for (const auto* key : {"id", "bus", "profile", "every"}) fields.child(key);
    fields.finish();
    return std::make_unique<NoDriver>();
  }
  void cancel() override {}
};

const Registration<acquisition::Line> nowhere{
    "nowhere", "for tests",
    [](const settings::Node& /*bus*/, settings::Mistakes& /*mistakes*/) { return std::make_unique<NoLine>(); }};

const std::string head =
    "gateway: {id: gw-1}\n"
    "site: {id: HQ, tz: Europe/Berlin}\n"
    "store: {folder: x}\n"
    "buses: [{id: line, driver: nowhere}]\n";

const std::string devices =
    "devices:\n"
    "  - {id: io, bus: line, profile: small, every: 5m}\n";

const std::string profile =
    "title: Small\nmaker: none\nmodels: [x]\nprotocol: modbus\n"
    "defaults: {table: holding, type: u16}\n"
    "points:\n"
    "  spare: {quantity: temperature, unit: degC, address: 0}\n"
    "  power: {quantity: active_power, unit: kW, address: 1}\n"
    "  speed: {quantity: ratio, unit: \"1\", address: 2}\n";

const std::string model =
    "class: fan\ntitle: Fan\nbrick: brick:Fan\n"
    "roles:\n"
    "  power: {quantity: active_power, required: true, title: Power, brick: brick:Electric_Power_Sensor}\n"
    "  speed: {quantity: ratio, title: Speed}\n"
    "  heat: {quantity: temperature, title: Heat}\n"
    "parameters:\n  rated: {value: 5, title: Rated power}\n"
    "derived:\n  load: {quantity: ratio, formula: power / speed}\n"
    "modes:\n"
    "  - mode: wear\n    iso14224: VIB\n    part: p\n    cause: c\n    effect: e\n    severity: minor\n    horizon: "
    "30d\n"
    "    indicators:\n"
    "      - {name: slow, title: S, formula: load * 2, quantity: ratio, every: 1h, learn: 1d, warn: 2 * b, limit: 3 * "
    "b, source: s}\n"
    "      - {name: hot, title: H, formula: heat, quantity: temperature, every: 1h, warn: 60, limit: 90, source: s}\n"
    "    advice: {code: X, text: x, minutes: 1}\n";

/// A folder with a site file, a profile and a model.
struct House {
  explicit House(const std::string& text, const std::string& model_text = model)
      : site{folder.write("site.yaml", text)} {
    std::filesystem::create_directory(folder.path() / "devices");
    std::filesystem::create_directory(folder.path() / "equipment");
    folder.write("devices/small.yaml", profile);
    folder.write("equipment/fan.yaml", model_text);
  }

  test::TempDir folder;
  std::string site;
};

std::vector<std::string> texts(const settings::Mistakes& mistakes) {
  std::vector<std::string> texts;
  for (const auto& mistake : mistakes.all()) texts.push_back(fmt::format("{}: {}", mistake.path, mistake.text));
  return texts;
}

TEST(Installation, numbers_gateway_buses_and_machines) {
  const House house{
      head + devices +
      "assets: [{id: FAN, model: fan, points: {power: io/power, speed: io/speed}, parameters: {rated: 7}}]\n"};
  const auto installation = load_installation(house.site);
  EXPECT_THAT(installation.confined.all(), IsEmpty());
  ASSERT_EQ(installation.assets.size(), 3);
  EXPECT_EQ(installation.assets[0].asset.key, "gw-1");
  EXPECT_EQ(installation.assets[0].asset.ref, "gw-1_gw-1");
  EXPECT_EQ(installation.assets[0].asset.brick, "brick:Gateway");
  EXPECT_EQ(installation.assets[1].asset.key, "line");
  const auto& fan = installation.assets[2];
  EXPECT_EQ(fan.asset.id, AssetId{2});
  EXPECT_EQ(fan.asset.brick, "brick:Fan");
  EXPECT_EQ(installation.models.at(*fan.model).name, "fan");
  EXPECT_EQ(fan.parameters.at("rated"), 7);
  EXPECT_EQ(fan.roles.size(), 2);
}

TEST(Installation, gives_every_point_of_a_device_a_place) {
  const House house{head + devices +
                    "assets:\n"
                    "  - {id: A, model: fan, points: {power: io/power}}\n"
                    "  - {id: B, model: fan, points: {power: io/power, speed: io/speed}}\n"};
  const auto installation = load_installation(house.site);
  const auto& wiring = installation.devices.at(0).wiring;
  ASSERT_EQ(wiring.size(), 4);
  EXPECT_EQ(installation.points.size(), 4);
  EXPECT_EQ(installation.point(wiring[0].point).role, "");
  EXPECT_EQ(installation.point(wiring[0].point).asset, AssetId{});
  EXPECT_EQ(installation.point(wiring[1].point).asset, AssetId{2});
  EXPECT_EQ(installation.point(wiring[2].point).asset, AssetId{3});
  EXPECT_EQ(installation.assets.at(2).sources.at("power"), installation.assets.at(3).sources.at("power"));
  EXPECT_EQ(installation.point(wiring[3].point).role, "speed");
  EXPECT_EQ(installation.point(wiring[3].point).every, std::chrono::minutes{5});
}

TEST(Installation, numbers_the_points_along_the_devices_whatever_the_order_of_assets) {
  const House house{head + devices +
                    "assets:\n"
                    "  - {id: A, model: fan, points: {speed: io/speed, power: io/power}}\n"
                    "  - {id: B, model: fan, points: {power: io/power, speed: io/speed}}\n"};
  const auto installation = load_installation(house.site);
  const auto& wiring = installation.devices.at(0).wiring;
  ASSERT_EQ(wiring.size(), 5);
  for (std::uint32_t place = 0; place < wiring.size(); ++place) {
    EXPECT_EQ(wiring[place].point, PointId{place});
    EXPECT_EQ(installation.points.at(place).id, PointId{place});
  }
  for (const auto asset : {2U, 3U}) {
    for (const auto& [role, point] : installation.assets.at(asset).roles) {
      EXPECT_EQ(installation.point(point).role, role);
      EXPECT_EQ(installation.point(point).asset, AssetId{asset});
      EXPECT_THAT(installation.assets[asset].asset.points, Contains(point));
    }
  }
}

TEST(Installation, shares_one_profile_among_equal_devices_and_none_with_others) {
  const House house{
      head +
      "devices:\n"
      "  - {id: first, bus: line, profile: small, every: 5m}\n"
      "  - {id: second, bus: line, profile: small, every: 1m}\n"
      "  - id: small\n    bus: line\n    every: 1m\n"
      "    profile: {protocol: modbus, points: {t: {quantity: temperature, unit: degC, address: 0, type: u16}}}\n"};
  auto installation = load_installation(house.site);
  ASSERT_EQ(installation.devices.size(), 3) << installation.confined.size();
  EXPECT_EQ(installation.devices[0].profile, installation.devices[1].profile);
  EXPECT_NE(installation.devices[0].profile, installation.devices[2].profile);
  EXPECT_EQ(installation.devices[2].profile->points.size(), 1);
  EXPECT_TRUE(installation.devices[1].profile->node);
  installation.forget_files();
  for (const auto& device : installation.devices) {
    EXPECT_FALSE(device.profile->node) << device.settings.key;
    EXPECT_FALSE(device.profile->points.front().node) << device.settings.key;
  }
}

TEST(Installation, says_which_sensors_would_activate_a_mode) {
  const House house{head + devices + "assets: [{id: A, model: fan, points: {power: io/power}}]\n"};
  EXPECT_THAT(load_installation(house.site).assets.at(2).inactive_modes, ElementsAre("wear: needs speed, or heat"));
}

TEST(Installation, keeps_a_disabled_mode_inactive) {
  const House house{
      head + devices +
      "assets: [{id: A, model: fan, points: {power: io/power, speed: io/speed}, disabled_modes: [wear]}]\n"};
  EXPECT_THAT(load_installation(house.site).assets.at(2).inactive_modes,
              ElementsAre("wear: disabled in the site file"));
}

TEST(Installation, leaves_out_what_has_a_mistake_and_keeps_the_rest) {
  const House house{head + devices +
                    "  - {id: io2, bus: line, profile: small, every: 5m, colour: red}\n"
                    "assets:\n"
                    "  - {id: A, model: fan, points: {power: io/power}}\n"
                    "  - {id: B, model: fan, points: {power: io2/power}}\n"
                    "  - {id: C, model: fan, points: {power: io/speed}}\n"};
  const auto installation = load_installation(house.site);
  EXPECT_EQ(installation.devices.size(), 1);
  ASSERT_EQ(installation.assets.size(), 3);
  EXPECT_EQ(installation.assets[2].asset.key, "A");
  EXPECT_THAT(texts(installation.confined),
              ElementsAre("devices[1]: unknown key \"colour\"",
                          "assets[1].points.power: the device \"io2\" cannot be used because of its own mistakes",
                          "assets[2].points.power: io/speed is ratio (1), but this role wants active_power (kW)"));
}

TEST(Installation, confines_a_mistake_in_a_model_to_the_machines_that_use_it) {
  auto wrong = model;
  wrong.replace(wrong.find("power / speed"), 13, "power / speeed");
  const House house{
      head + devices + "assets: [{id: A, model: fan, points: {power: io/power}}, {id: B, points: {any: io/power}}]\n",
      wrong};
  const auto installation = load_installation(house.site);
  EXPECT_THAT(texts(installation.confined),
              ElementsAre("derived.load.formula: \"speeed\" is not known here (did you mean \"speed\"?)"));
  EXPECT_EQ(installation.confined.all().at(0).at.column, 44);
  ASSERT_EQ(installation.assets.size(), 3);
  EXPECT_EQ(installation.assets[2].asset.key, "B");
}

TEST(Installation, does_not_start_without_a_sound_gateway_and_still_tells_everything) {
  const House house{"gateway: {}\nsite: {id: HQ, tz: UTC}\nstore: {folder: x}\nassets: [{id: A, model: fam}]\n"};
  try {
    load_installation(house.site);
    FAIL() << "it did";
  } catch (const settings::SettingsError& error) {
    EXPECT_THAT(texts(error.mistakes()),
                ElementsAre("gateway: \"id\" is missing",
                            HasSubstr("assets[0].model: there is no equipment model \"fam\" (did you mean \"fan\"?")));
  }
}

TEST(Installation, has_a_fingerprint_that_changes_with_the_meaning_alone) {
  const auto assets = std::string{"assets: [{id: A, model: fan, points: {power: io/power}}]\n"};
  const House one{head + devices + assets}, commented{"# the same\n" + head + devices + "\n" + assets};
  auto other_model = model;
  other_model.replace(other_model.find("limit: 90"), 9, "limit: 95");
  const House changed{head + devices + assets, other_model};
  const auto fingerprint = load_installation(one.site).fingerprint;
  EXPECT_EQ(load_installation(commented.site).fingerprint, fingerprint);
  EXPECT_NE(load_installation(changed.site).fingerprint, fingerprint);
}

TEST(Installation, loads_the_commented_example) {
  const auto installation = load_installation(FETTLE_SOURCE_DIR "/config/site.example.yaml");
  EXPECT_THAT(texts(installation.confined), IsEmpty());
  EXPECT_EQ(installation.assets.size(), 9);
}

TEST(ModelCheck, passes_every_shipped_file) {
  namespace fs = std::filesystem;
  settings::Mistakes mistakes;
  for (const auto& file : fs::directory_iterator{FETTLE_SOURCE_DIR "/config/equipment"}) {
    if (file.path().extension() == ".yaml") check_model_file(file.path(), mistakes);
  }
  for (const auto& file : fs::directory_iterator{FETTLE_SOURCE_DIR "/config/devices"}) {
    if (file.path().extension() == ".yaml") check_profile_file(file.path(), mistakes);
  }
  EXPECT_THAT(texts(mistakes), IsEmpty());
}

TEST(ModelCheck, wants_a_file_named_like_its_class) {
  const test::TempDir folder;
  settings::Mistakes mistakes;
  check_model_file(folder.write("blower.yaml", model), mistakes);
  EXPECT_THAT(texts(mistakes),
              ElementsAre("class: the file is named blower.yaml, the class \"fan\"; both must be the same"));
}

}  // namespace
}  // namespace fettle
