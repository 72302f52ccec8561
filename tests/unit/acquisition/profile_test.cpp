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

TEST(DeviceProfile, wants_no_type_of_a_bit) {
  Mistakes mistakes;
  const auto profile = read(
      "protocol: modbus\ndefaults: {table: input, type: f32, order: little, quantity: state, unit: 1}\n"
      "points:\n  runs: {address: 7, table: discrete}\n",
      mistakes);
  ASSERT_TRUE(mistakes.empty());
  EXPECT_EQ(profile.points[0].field.table, RegisterTable::discrete);
  EXPECT_EQ(extent_of(profile.points[0].field).count(), 1U);
  read("protocol: modbus\npoints:\n  runs: {quantity: state, unit: 1, table: coil, address: 7, type: u16}\n", mistakes);
  EXPECT_FALSE(mistakes.empty());
}

TEST(DeviceProfile, knows_values_that_are_made_of_several_registers) {
  Mistakes mistakes;
  const auto profile = read(
      "protocol: modbus\nsunspec: [101, 103]\none_value_per_request: true\nweak: [the exponent]\npoints:\n"
      "  v: {quantity: voltage, unit: V, address: 10, type: u16, exponent: 13, invalid: [0xFFFF]}\n"
      "  p: {quantity: active_power, unit: W, address: 0, type: u32, minus: [2], class: fast}\n"
      "  e: {quantity: active_energy, unit: Wh, address: 20, type: u32, plus: [22, 24], class: slow}\n"
      "  pf: {quantity: power_factor, unit: 1, address: 30, type: f32, coding: four_quadrant, order: big_swapped}\n",
      mistakes);
  ASSERT_TRUE(mistakes.empty());
  EXPECT_THAT(profile.sunspec, ElementsAre(101, 103));
  EXPECT_THAT(profile.weak, ElementsAre("the exponent"));
  EXPECT_TRUE(profile.one_value_per_request);
  EXPECT_EQ(profile.points[0].field.exponent, 13);
  EXPECT_EQ(profile.points[0].point_class, PointClass::normal);
  EXPECT_EQ(profile.points[1].field.terms.at(0).address, 2);
  EXPECT_EQ(profile.points[1].field.terms.at(0).factor, -1);
  EXPECT_EQ(profile.points[1].point_class, PointClass::fast);
  EXPECT_EQ(profile.points[2].field.terms.at(1).address, 24);
  EXPECT_EQ(profile.points[2].field.terms.at(1).factor, 1);
  EXPECT_EQ(profile.points[3].field.coding, Coding::four_quadrant);
  EXPECT_EQ(profile.points[3].field.order, WordOrder::big_swapped);
}

TEST(DeviceProfile, knows_how_a_value_may_change) {
  Mistakes mistakes;
  const auto profile = read(
      "protocol: modbus\ndefaults: {type: u32, class: slow}\npoints:\n"
      "  e: {quantity: active_energy, unit: Wh, address: 0, scale: 10, max_rate: 360/h}\n"
      "  digits: {quantity: volume, unit: l, address: 2, wraps_at: 10000000}\n"
      "  net: {quantity: active_energy, unit: kWh, address: 4, counter: false}\n"
      "  air: {quantity: temperature, unit: degF, address: 6, type: i16, scale: 0.1, max_rate: 9/min}\n"
      "  f: {quantity: active_energy, unit: kWh, address: 8, type: f32}\n",
      mistakes);
  ASSERT_TRUE(mistakes.empty());
  const auto& energy = profile.points[0].motion;
  EXPECT_TRUE(energy.counts);
  EXPECT_DOUBLE_EQ(energy.step, 0.01);
  EXPECT_DOUBLE_EQ(energy.wraps_at, 42949672.96);  // 2^32 x 10 Wh
  EXPECT_DOUBLE_EQ(energy.max_rate, 0.0001);       // 360 Wh in an hour
  EXPECT_DOUBLE_EQ(profile.points[1].motion.wraps_at, 10000);
  EXPECT_FALSE(profile.points[2].motion.counts);
  EXPECT_EQ(profile.points[2].motion.wraps_at, 0);
  EXPECT_NEAR(profile.points[3].motion.max_rate, 5.0 / 60, 1e-12);
  EXPECT_FALSE(profile.points[3].motion.counts);
  EXPECT_TRUE(profile.points[4].motion.counts);
  EXPECT_EQ(profile.points[4].motion.wraps_at, 0);
  EXPECT_EQ(profile.points[4].motion.step, 0);
  EXPECT_EQ(profile.points[4].point_class, PointClass::slow);
}

TEST(DeviceProfile, tells_what_is_wrong_with_the_parts_of_a_value) {
  EXPECT_THAT(
      complaints("protocol: modbus\nmax_registers: 10\nsunspec: [big]\npoints:\n"
                 "  a: {quantity: voltage, unit: V, address: 0, type: u16, exponent: 10}\n"
                 "  b: {quantity: voltage, unit: V, address: 0, type: u32, plus: [65535]}\n"
                 "  c: {quantity: voltage, unit: V, address: 0, type: u16, max_rate: 5}\n"),
      ElementsAre("devices/acme_one.yaml:3:11: sunspec[0]: expected the number of a SunSpec model, such as 103",
                  "devices/acme_one.yaml:5:6: points.a: the parts of \"a\" lie further apart than max_registers allows "
                  "in one request",
                  "devices/acme_one.yaml:6:65: points.b.plus[0]: expected an address from 0 to 65534",
                  "devices/acme_one.yaml:7:68: points.c.max_rate: \"5\" is not a rate of change (try 5/s, 30/min or "
                  "600/h)"));
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
