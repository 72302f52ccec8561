#include "mbus/profile.hpp"
#include "support/mistakes.hpp"
#include "support/shipped_profiles.hpp"

#include <gmock/gmock.h>

#include <set>

namespace fettle::mbus {
namespace {

using test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

acquisition::DeviceProfile profile_of(const std::string& text, settings::Mistakes& mistakes) {
  return acquisition::read_device_profile(settings::load_text(text, "meter.yaml", mistakes), mistakes);
}

TEST(MbusProfile, is_checked_against_its_examples) {
  settings::Mistakes mistakes;
  profile_of(
      "protocol: mbus\n"
      "points:\n"
      "  e: {quantity: active_energy, record: energy}\n"
      "  v: {quantity: volume, record: volume}\n"
      "examples:\n"
      "  - frames: [68 15 15 68 08 01 72 78 56 34 12 2D 2C 1B 04 01 00 00 00 0C 06 45 23 01 00 83 16]\n"
      "    readings: {e: 12344, v: 1, w: 1}\n"
      "  - frames: [68 15]\n"
      "    readings: {e: 1}\n",
      mistakes);
  EXPECT_THAT(texts(mistakes),
              ElementsAre("meter.yaml:7:19: examples[0].readings.e: the frames give 12345, not 12344",
                          "meter.yaml:7:29: examples[0].readings.v: volume is not in the frames",
                          "meter.yaml:7:35: examples[0].readings.w: the profile has no point \"w\"",
                          "meter.yaml:8:14: examples[1].frames[0]: this is no whole frame in hexadecimal"));
}

TEST(MbusProfile, reports_every_mistake) {
  settings::Mistakes mistakes;
  profile_of(
      "protocol: mbus\n"
      "max_register: 5\n"
      "points:\n"
      "  a: {quantity: active_energy, record: enrgy}\n"
      "  b: {quantity: active_energy}\n"
      "  c: {quantity: active_energy, record: {kind: energy, storage: -1, extension: X, tarif: 1}}\n",
      mistakes);
  const auto found = texts(mistakes);
  ASSERT_EQ(found.size(), 6U);
  EXPECT_THAT(found[0], HasSubstr("meter.yaml:2:1: unknown key \"max_register\""));
  EXPECT_THAT(found[1],
              HasSubstr("meter.yaml:4:40: points.a.record: \"enrgy\" is no kind of record; there are access_code"));
  EXPECT_EQ(found[2], "meter.yaml:5:6: points.b: \"record\" is missing");
  EXPECT_EQ(found[3], "meter.yaml:6:64: points.c.record.storage: \"-1\" is out of range (0 to 1000000000)");
  EXPECT_THAT(found[4], HasSubstr("expected the further fields in hexadecimal, such as 3C"));
  EXPECT_THAT(found[5], HasSubstr("unknown key \"tarif\" (did you mean \"tariff\"?)"));
}

TEST(MbusProfile, says_which_meters_it_is_for) {
  settings::Mistakes mistakes;
  const auto read = [&mistakes](const std::string& keys) {
    return read_profile(
        profile_of("protocol: mbus\npoints: {v: {quantity: volume, record: volume}}\n" + keys, mistakes), mistakes);
  };
  Telegram telegram;
  telegram.header.meter = *parse_secondary("12345678 KAM 1B 07");
  telegram.payload = *from_hex("0C 13 21 43 65 00");
  telegram.records = read_records(telegram.payload, 0, ByteOrder::least_first).all;
  EXPECT_TRUE(fits(read(""), {telegram}));
  EXPECT_TRUE(fits(read("recognise: {maker: KAM, media: [heat, water]}"), {telegram}));
  EXPECT_FALSE(fits(read("recognise: {maker: EMH}"), {telegram}));
  EXPECT_FALSE(fits(read("recognise: {media: [heat]}"), {telegram}));
  EXPECT_FALSE(fits(read(""), {}));
  EXPECT_THAT(texts(mistakes), IsEmpty());
  telegram.records.clear();
  EXPECT_FALSE(fits(read(""), {telegram}));
  mistakes = {};
  read_profile(profile_of("protocol: mbus\npoints: {v: {quantity: volume, record: volume}}\n"
                          "recognise: {media: [wine], makers: KAM}",
                          mistakes),
               mistakes);
  ASSERT_GE(texts(mistakes).size(), 2U);
  EXPECT_THAT(texts(mistakes)[0], HasSubstr("\"wine\" is no medium"));
  EXPECT_THAT(texts(mistakes)[1], HasSubstr("unknown key \"makers\""));
}

class ShippedMbusProfile : public testing::TestWithParam<std::string> {};

TEST_P(ShippedMbusProfile, has_no_mistakes_and_an_example_of_every_point) {
  settings::Mistakes mistakes;
  const auto profile = acquisition::read_device_profile(settings::load_file(GetParam(), mistakes), mistakes);
  EXPECT_THAT(texts(mistakes), IsEmpty());
  EXPECT_EQ(profile.protocol, "mbus");
  std::set<std::string> promised;
  for (const auto& example : profile.node["examples"].items()) {
    for (const auto& [name, value] : example["readings"].entries()) promised.insert(name);
  }
  EXPECT_EQ(promised.size(), profile.points.size());
}

INSTANTIATE_TEST_SUITE_P(config, ShippedMbusProfile, testing::ValuesIn(test::shipped_profiles([](const auto& file) {
                           return file.string().ends_with("_mbus.yaml");
                         })),
                         test::stem);

}  // namespace
}  // namespace fettle::mbus
