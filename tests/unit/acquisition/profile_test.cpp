#include "acquisition/profile.hpp"

#include <gmock/gmock.h>

namespace fettle::acquisition {
namespace {

using settings::Mistakes;
using testing::ElementsAre;

DeviceProfile read(const std::string& text, Mistakes& mistakes) {
  return read_device_profile(settings::load_text(text, "devices/acme_one.yaml", mistakes), mistakes);
}

std::vector<std::string> complaints(const std::string& text) {
  Mistakes mistakes;
  read(text, mistakes);
  mistakes.sort();
  std::vector<std::string> result;
  for (const auto& mistake : mistakes.all()) result.push_back(to_text(mistake));
  return result;
}

TEST(DeviceProfile, is_named_after_its_file) {
  Mistakes mistakes;
  const auto profile = read(
      "protocol: modbus\nmaker: Acme\nmodels: [One]\nverified: true\nmax_registers: 40\ngap: 5\nmin_gap: 20ms\n"
      "points:\n  power: {quantity: active_power, unit: W, address: 12, type: f32}\n",
      mistakes);
  EXPECT_TRUE(mistakes.empty());
  EXPECT_EQ(profile.name, "acme_one");
  EXPECT_EQ(profile.title, "acme_one");
  EXPECT_TRUE(profile.verified);
  EXPECT_EQ(profile.max_registers, 40U);
  EXPECT_EQ(profile.gap, 5U);
  EXPECT_EQ(profile.min_gap, Duration{20});
}

TEST(DeviceProfile, folds_the_unit_into_scale_and_offset) {
  Mistakes mistakes;
  const auto profile = read(
      "protocol: modbus\npoints:\n  air: {quantity: temperature, unit: degF, address: 1, type: i16, scale: 0.1,\n"
      "        offset: 4, range: [14, 212], invalid: [-32768, 0x7FFF]}\n",
      mistakes);
  ASSERT_TRUE(mistakes.empty());
  const auto& field = profile.points.at(0).field;
  EXPECT_NEAR(field.scaling.conversion.scale, 0.1 * 5 / 9, 1e-12);
  EXPECT_NEAR(field.scaling.conversion.offset, (4.0 - 32) * 5 / 9, 1e-12);
  EXPECT_NEAR(field.scaling.lowest, -10, 1e-9);
  EXPECT_NEAR(field.scaling.highest, 100, 1e-9);
  EXPECT_THAT(field.invalid, ElementsAre(0x8000, 0x7FFF));
}

TEST(DeviceProfile, points_take_what_they_do_not_say_from_the_defaults) {
  Mistakes mistakes;
  const auto profile = read(
      "protocol: modbus\ndefaults: {table: input, type: f32, order: little, quantity: voltage, unit: V}\n"
      "points:\n  v: {address: 0}\n  i: {address: 2, quantity: current, unit: mA, order: big, table: holding}\n",
      mistakes);
  ASSERT_TRUE(mistakes.empty());
  EXPECT_EQ(profile.points[0].field.table, RegisterTable::input);
  EXPECT_EQ(profile.points[0].field.order, WordOrder::little);
  EXPECT_EQ(profile.points[0].quantity, Quantity::voltage);
  EXPECT_EQ(profile.points[1].field.table, RegisterTable::holding);
  EXPECT_EQ(profile.points[1].field.order, WordOrder::big);
  EXPECT_EQ(profile.points[1].field.scaling.conversion.scale, 1e-3);
  EXPECT_EQ(profile.find("i"), 1U);
  EXPECT_EQ(profile.find("x"), std::nullopt);
}

TEST(DeviceProfile, tells_what_is_wrong_with_a_point) {
  EXPECT_THAT(
      complaints("protocol: modbus\n"
                 "points:\n"
                 "  a: {quantity: voltage, unit: A, address: 0, type: u16}\n"
                 "  b: {quantity: voltage, unit: V, address: 0, type: u16, bits: [3, 16]}\n"
                 "  c: {quantity: voltage, unit: V, address: 0, type: u16, range: [9, 3]}\n"
                 "  d: {quantity: voltage, unit: V, address: 0, type: u16, invalid: [0x12345]}\n"
                 "  e: {quantity: voltage, unit: V, address: 0, type: u16, invalid: [none]}\n"),
      ElementsAre(
          "devices/acme_one.yaml:3:32: points.a.unit: \"A\" is not a unit of voltage (try V)",
          "devices/acme_one.yaml:4:64: points.b.bits: expected the first and the last bit of the value, such as [0, 3]",
          "devices/acme_one.yaml:5:65: points.c.range: expected the lowest and the highest possible value, such as [0, "
          "100]",
          "devices/acme_one.yaml:6:68: points.d.invalid[0]: \"0x12345\" does not fit into 16 bits",
          "devices/acme_one.yaml:7:68: points.e.invalid[0]: \"none\" is not a raw register value (try 0x7FFF)"));
}

TEST(DeviceProfile, tells_what_is_wrong_with_an_example) {
  EXPECT_THAT(complaints("protocol: modbus\n"
                         "points: {a: {quantity: voltage, unit: V, address: 0, type: u16}}\n"
                         "examples:\n"
                         "  - {address: 0, words: 12 34, readings: {a: high, b: 1}}\n"),
              ElementsAre("devices/acme_one.yaml:4:25: examples[0].words: expected registers as four hexadecimal "
                          "digits each, such as 4366 199A",
                          "devices/acme_one.yaml:4:46: examples[0].readings.a: expected a number, \"no value\" or "
                          "\"out of range\", found \"high\"",
                          "devices/acme_one.yaml:4:55: examples[0].readings.b: the profile has no point \"b\""));
}

TEST(DeviceProfile, wants_points_that_fit_into_one_request) {
  EXPECT_THAT(
      complaints("protocol: modbus\nmax_registers: 1\n"
                 "points: {a: {quantity: voltage, unit: V, address: 0, type: f32}}\n"),
      ElementsAre("devices/acme_one.yaml:3:13: points.a: \"a\" takes more registers than max_registers allows"));
  EXPECT_THAT(complaints("protocol: modbus\npoints: {}\n"),
              ElementsAre("devices/acme_one.yaml:2:9: points: a device without points is of no use"));
}

TEST(ForeignProfile, needs_no_unit_where_numbers_come_in_the_quantity_s_own) {
  settings::Mistakes mistakes;
  const auto profile = read_device_profile(
      settings::load_text("{protocol: smoke_signals, points: {t: {quantity: temperature}}}", "one.yaml", mistakes),
      mistakes);
  EXPECT_EQ(decode(21.5, profile.points.at(0).scaling).value, 21.5);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(mistakes.all()[0].text.substr(0, 40), "there is no protocol \"smoke_signals\" (th");
}

}  // namespace
}  // namespace fettle::acquisition
