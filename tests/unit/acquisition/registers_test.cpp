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

// The expected numbers below were worked out by hand from the bytes; 230.1 as a float is 0x4366199A.
struct Ordered {
  WordOrder order;
  Words words;
};

TEST(Registers, of_a_float_are_the_same_in_all_four_orders) {
  for (const auto& [order, words] : {Ordered{WordOrder::big, {0x4366, 0x199A}},                // ABCD
                                     Ordered{WordOrder::little, {0x199A, 0x4366}},             // CDAB
                                     Ordered{WordOrder::big_swapped, {0x6643, 0x9A19}},        // BADC
                                     Ordered{WordOrder::little_swapped, {0x9A19, 0x6643}}}) {  // DCBA
    auto field = field_of(RegisterType::f32);
    field.order = order;
    EXPECT_FLOAT_EQ(static_cast<float>(decode(field, words).value), 230.1F) << static_cast<int>(order);
  }
}

TEST(Registers, of_64_bits_are_the_same_in_all_four_orders) {
  // 0x0001020304050607 = 283686952306183
  for (const auto& [order, words] : {Ordered{WordOrder::big, {0x0001, 0x0203, 0x0405, 0x0607}},
                                     Ordered{WordOrder::little, {0x0607, 0x0405, 0x0203, 0x0001}},
                                     Ordered{WordOrder::big_swapped, {0x0100, 0x0302, 0x0504, 0x0706}},
                                     Ordered{WordOrder::little_swapped, {0x0706, 0x0504, 0x0302, 0x0100}}}) {
    auto field = field_of(RegisterType::u64);
    field.order = order;
    EXPECT_EQ(decode(field, words).value, 283686952306183.0) << static_cast<int>(order);
    field.type = RegisterType::i64;
    EXPECT_EQ(decode(field, words).value, 283686952306183.0) << static_cast<int>(order);
  }
}

TEST(Registers, of_Iskra_carry_a_power_of_ten_above_24_bits) {
  EXPECT_EQ(value_of(RegisterType::t5, {0xFF00, 0x0929}), 234.5);      // 2345 x 10^-1
  EXPECT_EQ(value_of(RegisterType::t5, {0xFDFF, 0xFFFF}), 16777.215);  // 16777215 x 10^-3
  EXPECT_EQ(value_of(RegisterType::t5, {0x0200, 0x000C}), 1200);       // 12 x 10^2
  EXPECT_EQ(value_of(RegisterType::t6, {0x00FF, 0xFFFF}), -1);         // -1 x 10^0
  EXPECT_EQ(value_of(RegisterType::t6, {0xFE80, 0x0000}), -83886.08);  // -8388608 x 10^-2
  EXPECT_EQ(value_of(RegisterType::t6, {0xFE7F, 0xFFFF}), 83886.07);
}

TEST(Registers, of_SunSpec_are_scaled_by_another_register) {
  auto field = field_of(RegisterType::u16);
  field.address = 10;
  field.exponent = 13;
  EXPECT_EQ(decode(field, Words{2305, 0, 0, 0xFFFF}).value, 230.5);
  EXPECT_EQ(decode(field, Words{23, 0, 0, 0x0001}).value, 230);
  EXPECT_EQ(decode(field, Words{230, 0, 0, 0x8000}).reason, Reason::no_value);
  EXPECT_EQ(decode(field, Words{230, 0, 0, 0x000A}).value, 230e10);
  EXPECT_EQ(decode(field, Words{230, 0, 0, 0x000B}).reason, Reason::out_of_range);
  EXPECT_EQ(decode(field, Words{230, 0, 0, 0xFFF5}).reason, Reason::out_of_range);
  EXPECT_EQ(decode(field, Words{230, 0, 0}).reason, Reason::malformed);
  field.invalid = {0xFFFF};
  EXPECT_EQ(decode(field, Words{0xFFFF, 0, 0, 0}).reason, Reason::no_value);
}

TEST(Registers, may_be_scaled_by_one_that_lies_before_them) {
  auto field = field_of(RegisterType::i16);
  field.address = 12;
  field.exponent = 10;
  EXPECT_EQ(extent_of(field).first, 10U);
  EXPECT_EQ(extent_of(field).end, 13U);
  EXPECT_EQ(decode(field, Words{0xFFFE, 0, 0xFF85}).value, -1.23);
  EXPECT_EQ(to_hex(field, Words{0xFFFE, 0, 0xFF85}), "FF85 / FFFE");
}

TEST(Registers, of_two_directions_make_a_signed_power) {
  auto field = field_of(RegisterType::u32);
  field.terms = {{2, -1}};
  field.scaling.conversion.scale = 0.1;
  EXPECT_NEAR(decode(field, Words{0, 500, 0, 0}).value, 50, 1e-12);
  EXPECT_NEAR(decode(field, Words{0, 0, 0x0001, 0x0000}).value, -6553.6, 1e-9);
}

TEST(Registers, of_several_tariffs_are_added_up_and_are_worth_nothing_if_one_is_missing) {
  auto field = field_of(RegisterType::f64);
  field.address = 801;
  field.terms = {{805, 1}};
  field.scaling.conversion.scale = 0.001;
  EXPECT_EQ(decode(field, Words{0x40F8, 0x6A00, 0, 0, 0x4072, 0xC000, 0, 0}).value, 100.3);  // 100000 Wh + 300 Wh
  EXPECT_EQ(decode(field, Words{0x40F8, 0x6A00, 0, 0, 0x7FF8, 0, 0, 0}).reason, Reason::no_value);
  EXPECT_EQ(decode(field, Words{0x7FF8, 0, 0, 0, 0x40F8, 0x6A00, 0, 0}).reason, Reason::no_value);
  EXPECT_EQ(decode(field, Words{0x40F8, 0x6A00, 0, 0}).reason, Reason::malformed);
  field.type = RegisterType::u32;
  field.terms = {{803, 1}};
  field.invalid = {0xFFFFFFFF};
  EXPECT_EQ(decode(field, Words{0, 1, 0xFFFF, 0xFFFF}).reason, Reason::no_value);
}

TEST(Registers, of_a_four_quadrant_power_factor_are_folded_back) {
  auto field = field_of(RegisterType::f32);
  field.coding = Coding::four_quadrant;
  EXPECT_EQ(decode(field, Words{0x3F60, 0}).value, 0.875);                  // 0.875: import, lagging
  EXPECT_EQ(decode(field, Words{0x3FA0, 0}).value, 0.75);                   // 1.25: import, leading
  EXPECT_EQ(decode(field, Words{0xBF60, 0}).value, -0.875);                 // -0.875: export, lagging
  EXPECT_EQ(decode(field, Words{0xBFA0, 0}).value, -0.75);                  // -1.25: export, leading
  EXPECT_EQ(decode(field, Words{0x4020, 0}).reason, Reason::out_of_range);  // 2.5 is in no quadrant
  EXPECT_EQ(decode(field, Words{0x7FC0, 0}).reason, Reason::no_value);
}

TEST(Registers, move_with_all_their_parts) {
  RegisterField field;
  field.address = 3;
  field.exponent = 6;
  field.terms = {{4, 1}};
  move_by(field, 40070);
  EXPECT_EQ(field.address, 40073);
  EXPECT_EQ(field.exponent, 40076);
  EXPECT_EQ(field.terms[0].address, 40074);
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

TEST(Registers, that_are_bits_are_known_by_the_numbers_of_the_manuals_too) {
  RegisterField field;
  field.address = 20;
  field.table = RegisterTable::coil;
  EXPECT_EQ(reference_of(field), "00021");
  field.table = RegisterTable::discrete;
  EXPECT_EQ(reference_of(field), "10021");
}

TEST(Registers, are_shown_in_hexadecimal) { EXPECT_EQ(to_hex(Words{0x4366, 0x199A}), "4366 199A"); }

}  // namespace
}  // namespace fettle::acquisition
