#include "mbus/telegram.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace fettle::mbus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Records as a payload without a header, and all that they say in one line each.
std::vector<std::string> decoded(std::string_view hex) {
  const auto records = read_records(*from_hex(hex), 0, ByteOrder::least_first);
  std::vector<std::string> lines;
  for (const auto& record : records.all) {
    auto line = fmt::format("{} {}", name_of(record.function), record.kind);
    if (!record.label.empty()) line += fmt::format("({})", record.label);
    if (record.storage + record.tariff + record.subunit > 0)
      line += fmt::format(" s{} t{} u{}", record.storage, record.tariff, record.subunit);
    if (!record.extension.empty()) line += " +" + to_hex(record.extension);
    const bool is_number = record.value.form == Value::Form::number;
    line += is_number ? fmt::format(" {:.9g}", record.value.number) : " \"" + record.value.text + "\"";
    if (!record.unit.empty()) line += fmt::format(" {}", record.unit);
    lines.push_back(line);
  }
  if (!records.mistake.empty()) lines.push_back(records.mistake);
  if (records.more_follow) lines.push_back("more follow");
  return lines;
}

/// The one value of a record.
std::string value(std::string_view hex) {
  const auto lines = decoded(hex);
  return lines.size() == 1 ? lines.front().substr(lines.front().find(' ') + 1) : fmt::format("{} lines", lines.size());
}

TEST(MbusRecords, have_integers_of_every_width) {
  EXPECT_EQ(value("01 03 FE"), "energy -2 Wh");
  EXPECT_EQ(value("02 03 FE FF"), "energy -2 Wh");
  EXPECT_EQ(value("03 03 FE FF FF"), "energy -2 Wh");
  EXPECT_EQ(value("04 03 15 CD 5B 07"), "energy 123456789 Wh");
  EXPECT_EQ(value("06 03 FE FF FF FF FF FF"), "energy -2 Wh");
  EXPECT_EQ(value("07 03 15 CD 5B 07 00 00 00 00"), "energy 123456789 Wh");
  EXPECT_EQ(value("00 03"), "energy \"\" Wh");
}

TEST(MbusRecords, have_decimals_of_every_width_and_sign) {
  EXPECT_EQ(value("09 03 42"), "energy 42 Wh");
  EXPECT_EQ(value("0A 03 34 12"), "energy 1234 Wh");
  EXPECT_EQ(value("0B 03 56 34 12"), "energy 123456 Wh");
  EXPECT_EQ(value("0C 03 78 56 34 12"), "energy 12345678 Wh");
  EXPECT_EQ(value("0E 03 12 90 78 56 34 12"), "energy 1.23456789e+11 Wh");
  EXPECT_EQ(value("0A 03 15 F0"), "energy -15 Wh");
  EXPECT_EQ(value("0C 03 78 56 34 F2"), "energy -2345678 Wh");
}

TEST(MbusRecords, have_no_value_where_the_meter_marks_it_as_invalid) {
  EXPECT_EQ(value("0C 03 DD DD DD DD"), "energy \"\" Wh");
  EXPECT_EQ(value("0A 03 F5 00"), "energy \"\" Wh");
  EXPECT_EQ(value("01 03 80"), "energy \"\" Wh");
  EXPECT_EQ(value("02 03 00 80"), "energy \"\" Wh");
  EXPECT_EQ(value("04 03 00 00 00 80"), "energy \"\" Wh");
  EXPECT_EQ(value("05 03 00 00 C0 7F"), "energy \"\" Wh");
  EXPECT_EQ(value("02 83 15 34 12"), "energy \"\" Wh");  // "no data available"
}

TEST(MbusRecords, have_floating_point_numbers) {
  EXPECT_EQ(value("05 2E 00 00 C0 3F"), "power 1500 W");
  EXPECT_EQ(value("05 FD 59 00 00 20 41"), "current 0.01 A");
}

TEST(MbusRecords, have_the_main_table_s_units_and_weights) {
  EXPECT_EQ(value("01 00 01"), "energy 0.001 Wh");
  EXPECT_EQ(value("01 07 01"), "energy 10000 Wh");
  EXPECT_EQ(value("01 0E 02"), "energy 2000000 J");
  EXPECT_EQ(value("01 13 05"), "volume 0.005 m3");
  EXPECT_EQ(value("01 1B 05"), "mass 5 kg");
  EXPECT_EQ(value("01 22 02"), "on_time 7200 s");
  EXPECT_EQ(value("01 27 01"), "operating_time 86400 s");
  EXPECT_EQ(value("01 2B 07"), "power 7 W");
  EXPECT_EQ(value("02 33 10 0E"), "power 1000 W");
  EXPECT_EQ(value("01 3B 0C"), "volume_flow 0.012 m3/h");
  EXPECT_EQ(value("01 44 05"), "volume_flow 0.3 m3/h");
  EXPECT_EQ(value("01 4F 05"), "volume_flow 180 m3/h");
  EXPECT_EQ(value("01 53 05"), "mass_flow 5 kg/h");
  EXPECT_EQ(value("02 5A 05 02"), "flow_temperature 51.7 degC");
  EXPECT_EQ(value("02 5E 91 01"), "return_temperature 40.1 degC");
  EXPECT_EQ(value("02 62 74 00"), "temperature_difference 11.6 K");
  EXPECT_EQ(value("02 65 9C FF"), "external_temperature -1 degC");
  EXPECT_EQ(value("02 69 D2 04"), "pressure 12.34 bar");
  EXPECT_EQ(value("01 6E 09"), "heat_cost 9");
  EXPECT_EQ(value("01 71 02"), "averaging_duration 120 s");
  EXPECT_EQ(value("0C 78 78 56 34 12"), "fabrication_number 12345678");
}

TEST(MbusRecords, have_the_extension_tables) {
  EXPECT_EQ(value("02 FD 48 FC 08"), "voltage 230 V");
  EXPECT_EQ(value("01 FD 17 FF"), "error_flags 255");
  EXPECT_EQ(value("01 FD 6E 05"), "battery_operating_time 5 mo");
  EXPECT_EQ(value("02 FD 74 10 00"), "battery_remaining 1382400 s");
  EXPECT_EQ(value("0D FD 0C 03 33 2E 31"), "model \"1.3\"");
  EXPECT_EQ(value("01 FB 01 03"), "energy 3000000 Wh");
  EXPECT_EQ(value("01 FB 08 01"), "energy 100000000 J");
  EXPECT_EQ(value("01 FB 0D 01"), "energy 4186800 J");
  EXPECT_EQ(value("01 FB 02 05"), "reactive_energy 5 kvarh");
  EXPECT_EQ(value("01 FB 14 05"), "reactive_power 0.005 kvar");
  EXPECT_EQ(value("02 FB 1A 05 02"), "relative_humidity 51.7 %");
  EXPECT_EQ(value("02 FB 2E 88 13"), "frequency 500 Hz");
  EXPECT_EQ(value("01 FB 29 01"), "power 1000000 W");
  EXPECT_EQ(value("01 FB 21 01"), "volume 0.00283168466 m3");
  EXPECT_EQ(value("02 FB 5A C8 02"), "flow_temperature 21.7777778 degC");
  EXPECT_EQ(value("01 FB 6F 01"), "reserved 1");
  EXPECT_EQ(value("01 6F 01"), "reserved 1");
}

TEST(MbusRecords, know_storage_tariff_subunit_and_function_from_any_number_of_extensions) {
  EXPECT_THAT(decoded("41 03 01  11 03 02  21 03 03  31 03 04"),
              ElementsAre("instantaneous energy s1 t0 u0 1 Wh", "maximum energy 2 Wh", "minimum energy 3 Wh",
                          "during_error energy 4 Wh"));
  EXPECT_EQ(value("81 10 03 01"), "energy s0 t1 u0 1 Wh");
  EXPECT_EQ(value("81 40 03 01"), "energy s0 t0 u1 1 Wh");
  EXPECT_EQ(value("C1 8F 3F 03 01"), "energy s511 t12 u0 1 Wh");
  EXPECT_EQ(value("C1 FF FF FF FF FF FF FF FF FF 7F 03 01"), "energy s2199023255551 t1048575 u1023 1 Wh");
  EXPECT_THAT(decoded("81 80 80 80 80 80 80 80 80 80 80 00 03 01"),
              ElementsAre("a data information block has more than ten extensions"));
}

TEST(MbusRecords, take_factors_and_addends_into_the_number_and_keep_what_changes_the_meaning) {
  EXPECT_EQ(value("01 83 75 05"), "energy 0.5 Wh");
  EXPECT_EQ(value("01 83 7D 05"), "energy 5000 Wh");
  EXPECT_EQ(value("01 83 7B 05"), "energy 6 Wh");
  EXPECT_EQ(value("01 83 22 05"), "energy +22 5 Wh");
  EXPECT_EQ(value("01 83 BC 74 05"), "energy +3C 0.05 Wh");
  EXPECT_EQ(value("01 83 FC 01 05"), "energy +7C 01 5 Wh");
  EXPECT_EQ(value("04 BB 6F 32 14 7A 18"), "volume_flow +6F \"2011-08-26T20:50\"");
  EXPECT_EQ(value("01 BB 59 03"), "volume_flow +59 180 s");
  EXPECT_EQ(value("01 BB 41 FF"), "volume_flow +41 255");
  EXPECT_EQ(value("01 83 FF 70 05"), "energy +7F 70 5 Wh");
  EXPECT_EQ(value("01 FF 70 05"), "manufacturer +70 5");
}

TEST(MbusRecords, have_values_of_variable_length) {
  EXPECT_EQ(value("0D 78 04 44 43 42 41"), "fabrication_number \"ABCD\"");
  EXPECT_EQ(value("0D 78 02 FC 41"), "fabrication_number \"A\xC3\xBC\"");
  EXPECT_EQ(value("0D 78 00"), "fabrication_number \"\"");
  EXPECT_EQ(value("0D 03 C2 34 12"), "energy 1234 Wh");
  EXPECT_EQ(value("0D 03 D2 34 12"), "energy -1234 Wh");
  EXPECT_EQ(value("0D 03 E2 34 12"), "energy 4660 Wh");
  EXPECT_EQ(value("0D 03 E9 01 02 03 04 05 06 07 08 09"), "energy \"01 02 03 04 05 06 07 08 09\" Wh");
  EXPECT_EQ(value("0D 03 F0 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10"),
            "energy \"01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10\" Wh");
  EXPECT_THAT(decoded("0D 03 CF 00"), ElementsAre("a value of variable length has the reserved length CF"));
}

TEST(MbusRecords, have_units_in_plain_letters) {
  EXPECT_EQ(value("02 FC 03 48 52 25 74 22 15"), "text(%RH) 54.1");
  EXPECT_EQ(value("01 7C 01 43 05"), "text(C) 5");
}

TEST(MbusRecords, have_dates_and_times_of_every_type) {
  EXPECT_EQ(value("02 6C BF 1C"), "date \"2013-12-31\"");
  EXPECT_EQ(value("04 6D 17 2E CC 13"), "date_time \"2014-03-12T14:23\"");
  EXPECT_EQ(value("04 6D 97 2E CC 13"), "date_time \"\"");  // marked as invalid
  EXPECT_EQ(value("03 6D 05 17 0E"), "date_time \"14:23:05\"");
  EXPECT_EQ(value("06 6D 05 17 0E CC 13 00"), "date_time \"2014-03-12T14:23:05\"");
  EXPECT_EQ(value("02 6C 00 00"), "date \"\"");
  EXPECT_EQ(value("02 6C E1 F1"), "date \"\"");  // every year
  EXPECT_EQ(value("02 6C 5F CC"), "date \"1998-12-31\"");
  EXPECT_EQ(value("04 FD 70 00 20 CC 13"), "battery_change \"2014-03-12T00:00\"");
}

TEST(MbusRecords, skip_fillers_and_end_in_the_maker_s_own_bytes) {
  EXPECT_THAT(decoded("2F 2F 01 03 01 2F 0F AA BB"),
              ElementsAre("instantaneous energy 1 Wh", "instantaneous manufacturer_data \"AA BB\""));
  EXPECT_THAT(decoded("01 03 01 1F"),
              ElementsAre("instantaneous energy 1 Wh", "instantaneous manufacturer_data \"\"", "more follow"));
}

TEST(MbusRecords, end_where_they_are_cut_and_keep_what_was_whole) {
  const std::vector<std::string> whole{"instantaneous energy 1 Wh"};
  EXPECT_THAT(decoded("01 03 01 04 03 01 02"), ElementsAre(whole[0], "it ends within a value"));
  EXPECT_THAT(decoded("01 03 01 84"), ElementsAre(whole[0], "it ends within a data information block"));
  EXPECT_THAT(decoded("01 03 01 04"), ElementsAre(whole[0], "it ends within a value information block"));
  EXPECT_THAT(decoded("01 03 01 04 FD"), ElementsAre(whole[0], "it ends within a value information block"));
  EXPECT_THAT(decoded("01 03 01 0D 78 05 41"), ElementsAre(whole[0], "it ends within a value"));
  EXPECT_THAT(decoded("01 03 01 01 7C 05 41"), ElementsAre(whole[0], "it ends within a value information block"));
  EXPECT_THAT(decoded("01 03 01 3F"), ElementsAre(whole[0], "a data field 3F is reserved"));
  EXPECT_THAT(decoded(""), IsEmpty());
}

TEST(MbusRecords, come_most_significant_byte_first_in_mode_2) {
  const auto records = read_records(*from_hex("04 03 07 5B CD 15 0A 03 12 34"), 0, ByteOrder::most_first);
  EXPECT_EQ(records.all.at(0).value.number, 123456789);
  EXPECT_EQ(records.all.at(1).value.number, 1234);
}

TEST(MbusKinds, are_all_of_different_names_in_order) {
  const auto kinds = all_kinds();
  EXPECT_GT(kinds.size(), 80U);
  EXPECT_THAT(kinds, testing::Contains("flow_temperature"));
  EXPECT_TRUE(std::is_sorted(kinds.begin(), kinds.end()));
}

}  // namespace
}  // namespace fettle::mbus
