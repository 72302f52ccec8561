#include "acquisition/registers.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <limits>

namespace fettle::acquisition {
namespace {

using Words = std::vector<std::uint16_t>;

RegisterField field_of(RegisterType type) {
  RegisterField field;
  field.type = type;
  field.scaling.lowest = -std::numeric_limits<double>::max();
  field.scaling.highest = std::numeric_limits<double>::max();
  return field;
}

double value_of(RegisterType type, const Words& words) { return decode(field_of(type), words).value; }

TEST(Registers, hold_whole_numbers_of_every_width_and_sign) {
  EXPECT_EQ(value_of(RegisterType::u16, {0xFFFE}), 65534);
  EXPECT_EQ(value_of(RegisterType::i16, {0xFFFE}), -2);
  EXPECT_EQ(value_of(RegisterType::u32, {0x0001, 0x0002}), 65538);
  EXPECT_EQ(value_of(RegisterType::i32, {0xFFFF, 0xFFFE}), -2);
  EXPECT_EQ(value_of(RegisterType::u64, {0, 1, 0, 2}), 4294967298.0);
  EXPECT_EQ(value_of(RegisterType::i64, {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFD}), -3);
}

TEST(Registers, hold_floating_point_numbers) {
  EXPECT_FLOAT_EQ(static_cast<float>(value_of(RegisterType::f32, {0x4366, 0x199A})), 230.1F);
  EXPECT_EQ(value_of(RegisterType::f64, {0x3FF8, 0, 0, 0}), 1.5);
}

TEST(Registers, with_the_low_word_first_are_turned_round) {
  auto field = field_of(RegisterType::f32);
  field.order = WordOrder::little;
  EXPECT_FLOAT_EQ(static_cast<float>(decode(field, Words{0x199A, 0x4366}).value), 230.1F);
  field.type = RegisterType::u64;
  EXPECT_EQ(decode(field, Words{2, 0, 1, 0}).value, 4294967298.0);
}

TEST(Registers, are_scaled_into_the_quantitys_unit) {
  auto field = field_of(RegisterType::i16);
  field.scaling.conversion = {0.1, -273.15};
  EXPECT_NEAR(decode(field, Words{2982}).value, 25.05, 1e-12);
}

TEST(Registers, give_up_single_bits) {
  auto field = field_of(RegisterType::u16);
  field.bits = BitField{4, 7};
  EXPECT_EQ(decode(field, Words{0x12A4}).value, 10);
  field.bits = BitField{15, 15};
  EXPECT_EQ(decode(field, Words{0x8000}).value, 1);
}

TEST(Registers, have_no_value_where_the_device_says_so) {
  auto field = field_of(RegisterType::i16);
  field.invalid = {0x7FFF, 0x8000};
  EXPECT_EQ(decode(field, Words{0x8000}).reason, Reason::no_value);
  EXPECT_TRUE(std::isnan(decode(field, Words{0x8000}).value));
  EXPECT_EQ(decode(field, Words{0x7FFE}).reason, Reason::none);
}

TEST(Registers, have_no_value_where_the_number_is_none) {
  EXPECT_EQ(decode(field_of(RegisterType::f32), Words{0x7FC0, 0}).reason, Reason::no_value);
  EXPECT_EQ(decode(field_of(RegisterType::f64), Words{0x7FF8, 0, 0, 0}).reason, Reason::no_value);
}

TEST(Registers, beyond_what_is_possible_are_out_of_range) {
  auto field = field_of(RegisterType::f32);
  field.scaling.lowest = 0;
  field.scaling.highest = 100;
  EXPECT_EQ(decode(field, Words{0x7F80, 0}).reason, Reason::out_of_range);
  EXPECT_EQ(decode(field, Words{0x42CA, 0}).reason, Reason::out_of_range);
  EXPECT_EQ(decode(field, Words{0x42C8, 0}).value, 100);
}

TEST(Registers, that_are_too_few_are_malformed) {
  EXPECT_EQ(decode(field_of(RegisterType::u32), Words{1}).reason, Reason::malformed);
  EXPECT_EQ(decode(field_of(RegisterType::u16), Words{}).reason, Reason::malformed);
}

TEST(Registers, are_known_by_the_numbers_of_the_manuals) {
  RegisterField field;
  field.address = 20;
  EXPECT_EQ(reference_of(field), "40021");
  field.table = RegisterTable::input;
  EXPECT_EQ(reference_of(field), "30021");
  field.address = 64514;
  EXPECT_EQ(reference_of(field), "364515");
}

TEST(Registers, are_shown_in_hexadecimal) { EXPECT_EQ(to_hex(Words{0x4366, 0x199A}), "4366 199A"); }

}  // namespace
}  // namespace fettle::acquisition
