// Every frame of the reference collection, decoded by us and by the collection's own reference decoder.

#include "mbus/telegram.hpp"
#include "mbus_expected.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>

namespace fettle::mbus {
namespace {

using test::ExpectedRecord;

const std::map<std::string, std::string_view> kinds{
    {"%RH", kind::text},
    {"(Enhanced) Identification", "identification"},
    {"Actuality Duration", "actuality_duration"},
    {"Averaging Duration", "averaging_duration"},
    {"C", kind::text},
    {"Current", "current"},
    {"Customer location", "customer_location"},
    {"Digital Input", "digital_input"},
    {"Digital Output", "digital_output"},
    {"Dimensionless", "dimensionless"},
    {"Energy", "energy"},
    {"Error flags", "error_flags"},
    {"External temperature", "external_temperature"},
    {"Fabrication No", "fabrication_number"},
    {"Firmware version", "firmware_version"},
    {"Flow temperature", "flow_temperature"},
    {"H.C.A.", "heat_cost"},
    {"Manufacturer specific", kind::manufacturer_specific},
    {"Medium", "medium"},
    {"Model / Version", "model"},
    {"On time", "on_time"},
    {"Operating time", "operating_time"},
    {"PW", kind::text},
    {"Parameter set identification", "parameter_set"},
    {"Power", "power"},
    {"Reserved", kind::reserved},
    {"Reset counter", "reset_counter"},
    {"Return temperature", "return_temperature"},
    {"Software version", "software_version"},
    {"Special supplier information", "supplier_information"},
    {"Temperature difference", "temperature_difference"},
    {"Time point (date &amp; time)", "date_time"},
    {"Time point (date)", "date"},
    {"Voltage", "voltage"},
    {"Volume", "volume"},
    {"Volume flow", "volume_flow"},
    {"bat. time", kind::text},
    {"c", kind::text},
    {"cust. ID", kind::text},
};

const std::map<std::string, std::string_view> functions{{"Instantaneous value", "instantaneous"},
                                                        {"Actual value", "instantaneous"},
                                                        {"Maximum value", "maximum"},
                                                        {"Minimum value", "minimum"},
                                                        {"Value during error state", "during_error"}};

/// A reference unit as ours, and how much of ours it is.
struct Unit {
  std::string_view ours;
  double scale = 1;
};

const std::map<std::string, Unit> units{{"m^3", {"m3"}},
                                        {"m^3/h", {"m3/h"}},
                                        {"\xC2\xB0"
                                         "C",
                                         {"degC"}},
                                        {"kWh", {"Wh", 1000}},
                                        {"l", {"m3", 0.001}}};

Unit unit_of(const std::string& reference) {
  if (const auto found = units.find(reference); found != units.end()) return found->second;
  const bool is_none = reference == "-" || reference == "Reserved" || reference.starts_with("Units for");
  return {is_none ? "" : std::string_view{reference}};
}

struct Tally {
  int frames = 0, numbers = 0, moments = 0, texts = 0, bytes = 0, without_value = 0, without_reference = 0,
      departures = 0;
};

std::string reversed_bytes(const std::string& hex) {
  auto bytes = from_hex(hex).value_or(Bytes{});
  std::reverse(bytes.begin(), bytes.end());
  return to_hex(bytes);
}

void compare_value(const Value& value, const ExpectedRecord& expected, double scale, Tally& tally) {
  switch (value.form) {
    case Value::Form::number: {
      const auto reference = std::stod(expected.value) * scale;
      EXPECT_NEAR(value.number, reference, 5.1e-7 * scale + 1e-12 * std::abs(reference));
      ++tally.numbers;
      return;
    }
    case Value::Form::moment:
      EXPECT_EQ(value.text, expected.value.substr(0, value.text.size()));
      ++tally.moments;
      return;
    case Value::Form::text:
      EXPECT_EQ(value.text, expected.value);
      ++tally.texts;
      return;
    case Value::Form::bytes:
      // The reference decoder turns these bytes over in some places and not in others.
      EXPECT_TRUE(value.text == expected.value || reversed_bytes(value.text) == expected.value) << value.text << "\n"
                                                                                                << expected.value;
      ++tally.bytes;
      return;
    case Value::Form::none:
      EXPECT_THAT(expected.value, testing::HasSubstr("-00")) << "only a date without a day is no value";
      ++tally.without_value;
  }
}

/// Where the reference decoder gives a number that the meter did not mean, and what it meant.
struct Departure {
  std::string_view frame;
  std::size_t place;
  std::string_view ours;
};

const std::vector<Departure> departures{
    // Digits above 9, by which a meter says that it has no value; the reference counts on with D as 13.
    {"ELS_Elster-F96-Plus", 4, ""},
    {"ELS_Elster-F96-Plus", 5, ""},
    {"abb_f95", 2, ""},
    {"abb_f95", 3, ""},
    // Field 50 and 58 behind the flow: for how long it was beyond its limits. The reference gives the seconds as a flow.
    {"SEN_Pollustat", 12, "11582321 s"},
    {"SEN_Pollustat", 13, "756 s"},
    // Field 6F: the moment at which the highest value ended. The reference gives its bits as watts and degrees.
    {"landis+gyr_ultraheat_t230", 19, ""},
    {"landis+gyr_ultraheat_t230", 20, ""},
    {"landis+gyr_ultraheat_t230", 21, "2011-08-26T20:50"},
    {"landis+gyr_ultraheat_t230", 22, "2011-08-09T11:43"},
    // Year 127 is "every year", so this is no moment.
    {"landis+gyr_ultraheat_t230", 32, ""},
};

const Departure* departure_at(const std::string& frame, std::size_t place) {
  const auto found = std::find_if(departures.begin(), departures.end(),
                                  [&](const auto& each) { return each.frame == frame && each.place == place; });
  return found == departures.end() ? nullptr : &*found;
}

std::string as_text(const Record& record) {
  if (record.value.form != Value::Form::number) return record.value.text;
  return fmt::format("{} {}", record.value.number, record.unit);
}

void compare_record(const Record& record, const ExpectedRecord& expected, Tally& tally) {
  if (expected.function.empty()) {  // what the reference decoder has no words for, we call reserved
    EXPECT_EQ(record.kind, kind::reserved);
    ++tally.without_reference;
    return;
  }
  if (expected.function == "Manufacturer specific" || expected.function == "More records follow") {
    EXPECT_EQ(record.kind, kind::manufacturer_data);
  } else {
    EXPECT_EQ(name_of(record.function), functions.at(expected.function));
    if (!expected.quantity.empty()) {
      EXPECT_EQ(record.kind, kinds.at(expected.quantity));
    }
    if (record.kind == kind::text) {
      EXPECT_EQ(record.label, expected.quantity);
    }
    EXPECT_EQ(record.unit, unit_of(expected.unit).ours);
  }
  EXPECT_EQ(record.storage, expected.storage) << expected.unit;
  EXPECT_EQ(record.tariff, expected.tariff);
  EXPECT_EQ(record.subunit, expected.subunit);
  compare_value(record.value, expected, unit_of(expected.unit).scale, tally);
}

/// "The same unit, but historic" is what the fixed structure says of its second counter, and how the reference leaves it.
ExpectedRecord made_plain(const std::vector<ExpectedRecord>& records, std::size_t place) {
  auto record = records[place];
  if (record.unit != "reserved but historic") return record;
  record.unit = records[place - 1].unit;
  record.storage = 1;
  return record;
}

void compare(const std::filesystem::path& hex, Tally& tally) {
  SCOPED_TRACE(hex.stem().string());
  auto xml = hex;
  const auto expected = test::read_expected(xml.replace_extension(".norm.xml"));
  const auto bytes = from_hex(test::read_text(hex));
  ASSERT_TRUE(bytes);
  const auto frame = find_frame(*bytes, true);
  ASSERT_TRUE(frame);
  const auto telegram = decode_telegram(*frame);
  ASSERT_TRUE(telegram) << telegram.error().detail;
  EXPECT_EQ(telegram->mistake, "");
  EXPECT_THAT(to_text(telegram->header.meter),
              testing::StartsWith(std::string(8 - expected.id.size(), '0') + expected.id));
  if (!expected.manufacturer.empty() && expected.manufacturer != "@@@") {
    EXPECT_EQ(manufacturer_code(telegram->header.meter.manufacturer), expected.manufacturer);
  }
  EXPECT_EQ(telegram->header.access_number, expected.access_number);
  EXPECT_EQ(telegram->header.status, expected.status);
  ASSERT_EQ(telegram->records.size(), expected.records.size() + 1);  // ours has the status in front
  for (std::size_t place = 0; place < expected.records.size(); ++place) {
    SCOPED_TRACE(place);
    if (const auto* departure = departure_at(hex.stem().string(), place)) {
      EXPECT_EQ(as_text(telegram->records[place + 1]), departure->ours);
      ++tally.departures;
      continue;
    }
    compare_record(telegram->records[place + 1], made_plain(expected.records, place), tally);
  }
  ++tally.frames;
}

TEST(MbusGolden, every_reference_frame_is_decoded_as_by_the_reference) {
  if (std::string_view{MBUS_FRAMES}.empty())
    GTEST_SKIP() << "the reference frames are not here (set FETTLE_RECORDINGS)";
  Tally tally;
  for (const auto& entry : std::filesystem::directory_iterator{MBUS_FRAMES}) {
    if (entry.path().extension() == ".hex") compare(entry.path(), tally);
  }
  std::cout << tally.frames << " frames: " << tally.numbers << " numbers, " << tally.moments << " dates, "
            << tally.texts << " texts and " << tally.bytes << " byte strings are the same, " << tally.without_value
            << " are dates without a day, " << tally.without_reference << " the reference has no words for, and in "
            << tally.departures << " it is wrong\n";
  EXPECT_EQ(tally.frames, 76);
  EXPECT_EQ(tally.numbers, 766);
}

}  // namespace
}  // namespace fettle::mbus
