#include "mbus/meaning.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>

namespace fettle::mbus {
namespace {

/// `count` codes from `first` on; each has ten times the weight of the one before.
struct Row {
  std::uint8_t first = 0, count = 1;
  Meaning meaning;
};

constexpr double minute = 60, hour = 3600, day = 86400;
constexpr double cubic_foot = 0.028316846592, gallon = 0.003785411784;  // in m3
constexpr double calorie = 4.1868;                                      // in J
constexpr double fahrenheit = 5.0 / 9, fahrenheit_zero = -160.0 / 9;
constexpr auto flags = Nature::flags;
constexpr auto moment = Nature::moment;
constexpr auto code = Nature::code;

/// EN 13757-3, table 10.
constexpr std::array<Row, 39> primary{{
    {0x00, 8, {"energy", "Wh", -3}},
    {0x08, 8, {"energy", "J"}},
    {0x10, 8, {"volume", "m3", -6}},
    {0x18, 8, {"mass", "kg", -3}},
    {0x20, 1, {"on_time", "s"}},
    {0x21, 1, {"on_time", "s", 0, minute}},
    {0x22, 1, {"on_time", "s", 0, hour}},
    {0x23, 1, {"on_time", "s", 0, day}},
    {0x24, 1, {"operating_time", "s"}},
    {0x25, 1, {"operating_time", "s", 0, minute}},
    {0x26, 1, {"operating_time", "s", 0, hour}},
    {0x27, 1, {"operating_time", "s", 0, day}},
    {0x28, 8, {"power", "W", -3}},
    {0x30, 8, {"power", "W", 0, 1 / hour}},  // J/h
    {0x38, 8, {"volume_flow", "m3/h", -6}},
    {0x40, 8, {"volume_flow", "m3/h", -7, 60}},    // m3/min
    {0x48, 8, {"volume_flow", "m3/h", -9, 3600}},  // m3/s
    {0x50, 8, {"mass_flow", "kg/h", -3}},
    {0x58, 4, {"flow_temperature", "degC", -3}},
    {0x5C, 4, {"return_temperature", "degC", -3}},
    {0x60, 4, {"temperature_difference", "K", -3}},
    {0x64, 4, {"external_temperature", "degC", -3}},
    {0x68, 4, {"pressure", "bar", -3}},
    {0x6C, 1, {"date", "", 0, 1, 0, moment}},
    {0x6D, 1, {"date_time", "", 0, 1, 0, moment}},
    {0x6E, 1, {"heat_cost", ""}},
    {0x70, 1, {"averaging_duration", "s"}},
    {0x71, 1, {"averaging_duration", "s", 0, minute}},
    {0x72, 1, {"averaging_duration", "s", 0, hour}},
    {0x73, 1, {"averaging_duration", "s", 0, day}},
    {0x74, 1, {"actuality_duration", "s"}},
    {0x75, 1, {"actuality_duration", "s", 0, minute}},
    {0x76, 1, {"actuality_duration", "s", 0, hour}},
    {0x77, 1, {"actuality_duration", "s", 0, day}},
    {0x78, 1, {"fabrication_number", "", 0, 1, 0, code}},
    {0x79, 1, {"identification", "", 0, 1, 0, code}},
    {0x7A, 1, {"bus_address", "", 0, 1, 0, flags}},
    {0x7C, 1, {kind::text, ""}},
    {0x7F, 1, {kind::manufacturer_specific, ""}},
}};

/// Table 14, behind FD.
constexpr std::array<Row, 83> first_extension{{
    {0x00, 4, {"credit", "", -3}},
    {0x04, 4, {"debit", "", -3}},
    {0x08, 1, {"access_number", "", 0, 1, 0, flags}},
    {0x09, 1, {"medium", "", 0, 1, 0, flags}},
    {0x0A, 1, {"manufacturer_code", "", 0, 1, 0, code}},
    {0x0B, 1, {"parameter_set", "", 0, 1, 0, code}},
    {0x0C, 1, {"model", "", 0, 1, 0, code}},
    {0x0D, 1, {"hardware_version", "", 0, 1, 0, code}},
    {0x0E, 1, {"firmware_version", "", 0, 1, 0, code}},
    {0x0F, 1, {"software_version", "", 0, 1, 0, code}},
    {0x10, 1, {"customer_location", "", 0, 1, 0, code}},
    {0x11, 1, {"customer", "", 0, 1, 0, code}},
    {0x12, 1, {"access_code_user", "", 0, 1, 0, code}},
    {0x13, 1, {"access_code_operator", "", 0, 1, 0, code}},
    {0x14, 1, {"access_code_system_operator", "", 0, 1, 0, code}},
    {0x15, 1, {"access_code_developer", "", 0, 1, 0, code}},
    {0x16, 1, {"password", "", 0, 1, 0, code}},
    {0x17, 1, {"error_flags", "", 0, 1, 0, flags}},
    {0x18, 1, {"error_mask", "", 0, 1, 0, flags}},
    {0x19, 1, {"security_key", "", 0, 1, 0, code}},
    {0x1A, 1, {"digital_output", "", 0, 1, 0, flags}},
    {0x1B, 1, {"digital_input", "", 0, 1, 0, flags}},
    {0x1C, 1, {"baud_rate", "", 0, 1, 0, flags}},
    {0x1D, 1, {"response_delay", "", 0, 1, 0, flags}},
    {0x1E, 1, {"retry", "", 0, 1, 0, flags}},
    {0x1F, 1, {"remote_control", "", 0, 1, 0, flags}},
    {0x20, 1, {"first_storage", "", 0, 1, 0, flags}},
    {0x21, 1, {"last_storage", "", 0, 1, 0, flags}},
    {0x22, 1, {"storage_block_size", "", 0, 1, 0, flags}},
    {0x23, 1, {"tariff_descriptor", "", 0, 1, 0, flags}},
    {0x24, 1, {"storage_interval", "s"}},
    {0x25, 1, {"storage_interval", "s", 0, minute}},
    {0x26, 1, {"storage_interval", "s", 0, hour}},
    {0x27, 1, {"storage_interval", "s", 0, day}},
    {0x28, 1, {"storage_interval", "mo"}},
    {0x29, 1, {"storage_interval", "a"}},
    {0x2A, 1, {"operator_specific", "", 0, 1, 0, code}},
    {0x2B, 1, {"time_point_second", "s", 0, 1, 0, flags}},
    {0x2C, 1, {"since_last_readout", "s"}},
    {0x2D, 1, {"since_last_readout", "s", 0, minute}},
    {0x2E, 1, {"since_last_readout", "s", 0, hour}},
    {0x2F, 1, {"since_last_readout", "s", 0, day}},
    {0x30, 1, {"tariff_start", "", 0, 1, 0, moment}},
    {0x31, 1, {"tariff_duration", "s", 0, minute}},
    {0x32, 1, {"tariff_duration", "s", 0, hour}},
    {0x33, 1, {"tariff_duration", "s", 0, day}},
    {0x34, 1, {"tariff_period", "s"}},
    {0x35, 1, {"tariff_period", "s", 0, minute}},
    {0x36, 1, {"tariff_period", "s", 0, hour}},
    {0x37, 1, {"tariff_period", "s", 0, day}},
    {0x38, 1, {"tariff_period", "mo"}},
    {0x39, 1, {"tariff_period", "a"}},
    {0x3A, 1, {"dimensionless", ""}},
    {0x3B, 1, {"wireless_container", "", 0, 1, 0, code}},
    {0x3C, 1, {"transmission_period", "s"}},
    {0x3D, 1, {"transmission_period", "s", 0, minute}},
    {0x3E, 1, {"transmission_period", "s", 0, hour}},
    {0x3F, 1, {"transmission_period", "s", 0, day}},
    {0x40, 16, {"voltage", "V", -9}},
    {0x50, 16, {"current", "A", -12}},
    {0x60, 1, {"reset_counter", "", 0, 1, 0, flags}},
    {0x61, 1, {"cumulation_counter", "", 0, 1, 0, flags}},
    {0x62, 1, {"control_signal", "", 0, 1, 0, flags}},
    {0x63, 1, {"day_of_week", "", 0, 1, 0, flags}},
    {0x64, 1, {"week_number", "", 0, 1, 0, flags}},
    {0x65, 1, {"day_change", "", 0, 1, 0, code}},
    {0x66, 1, {"parameter_activation", "", 0, 1, 0, flags}},
    {0x67, 1, {"supplier_information", "", 0, 1, 0, code}},
    {0x68, 1, {"since_last_cumulation", "s", 0, hour}},
    {0x69, 1, {"since_last_cumulation", "s", 0, day}},
    {0x6A, 1, {"since_last_cumulation", "mo"}},
    {0x6B, 1, {"since_last_cumulation", "a"}},
    {0x6C, 1, {"battery_operating_time", "s", 0, hour}},
    {0x6D, 1, {"battery_operating_time", "s", 0, day}},
    {0x6E, 1, {"battery_operating_time", "mo"}},
    {0x6F, 1, {"battery_operating_time", "a"}},
    {0x70, 1, {"battery_change", "", 0, 1, 0, moment}},
    {0x71, 1, {"rf_level", "dBm"}},
    {0x72, 1, {"daylight_saving", "", 0, 1, 0, code}},
    {0x73, 1, {"listening_window", "", 0, 1, 0, code}},
    {0x74, 1, {"battery_remaining", "s", 0, day}},
    {0x75, 1, {"stop_counter", "", 0, 1, 0, flags}},
    {0x76, 1, {"manufacturer_container", "", 0, 1, 0, code}},
}};

/// Table 12, behind FB.
constexpr std::array<Row, 28> second_extension{{
    {0x00, 2, {"energy", "Wh", 5}},
    {0x02, 2, {"reactive_energy", "kvarh"}},
    {0x04, 2, {"apparent_energy", "kVAh"}},
    {0x08, 2, {"energy", "J", 8}},
    {0x0C, 4, {"energy", "J", 5, calorie}},
    {0x10, 2, {"volume", "m3", 2}},
    {0x14, 4, {"reactive_power", "kvar", -3}},
    {0x18, 2, {"mass", "kg", 5}},
    {0x1A, 2, {"relative_humidity", "%", -1}},
    {0x20, 1, {"volume", "m3", 0, cubic_foot}},
    {0x21, 1, {"volume", "m3", -1, cubic_foot}},
    {0x22, 2, {"volume", "m3", -1, gallon}},
    {0x24, 1, {"volume_flow", "m3/h", -3, 60 * gallon}},
    {0x25, 1, {"volume_flow", "m3/h", 0, 60 * gallon}},
    {0x26, 1, {"volume_flow", "m3/h", 0, gallon}},
    {0x28, 2, {"power", "W", 5}},
    {0x2A, 1, {"phase_voltage_to_voltage", "deg", -1}},
    {0x2B, 1, {"phase_voltage_to_current", "deg", -1}},
    {0x2C, 4, {"frequency", "Hz", -3}},
    {0x30, 2, {"power", "W", 8, 1 / hour}},  // GJ/h
    {0x34, 4, {"apparent_power", "kVA", -3}},
    {0x58, 4, {"flow_temperature", "degC", -3, fahrenheit, fahrenheit_zero}},
    {0x5C, 4, {"return_temperature", "degC", -3, fahrenheit, fahrenheit_zero}},
    {0x60, 4, {"temperature_difference", "K", -3, fahrenheit}},
    {0x64, 4, {"external_temperature", "degC", -3, fahrenheit, fahrenheit_zero}},
    {0x70, 4, {"temperature_limit", "degC", -3, fahrenheit, fahrenheit_zero}},
    {0x74, 4, {"temperature_limit", "degC", -3}},
    {0x78, 8, {"cumulated_maximum_power", "W", -3}},
}};

/// The fixed structure's units, six bits.
constexpr std::array<Row, 11> fixed_units{{
    {0x00, 1, {"time_of_day", "", 0, 1, 0, code}},
    {0x01, 1, {"date", "", 0, 1, 0, code}},
    {0x02, 9, {"energy", "Wh"}},
    {0x0B, 9, {"energy", "J", 3}},
    {0x14, 9, {"power", "W"}},
    {0x1D, 9, {"power", "W", 3, 1 / hour}},
    {0x26, 9, {"volume", "m3", -6}},
    {0x2F, 9, {"volume_flow", "m3/h", -6}},
    {0x38, 1, {"temperature", "degC", -3}},
    {0x39, 1, {"heat_cost", ""}},
    {0x3F, 1, {"dimensionless", ""}},
}};

Meaning find(std::span<const Row> rows, unsigned wanted) {
  for (const auto& row : rows) {
    if (wanted < row.first || wanted >= row.first + static_cast<unsigned>(row.count)) continue;
    auto meaning = row.meaning;
    meaning.exponent += static_cast<int>(wanted - row.first);
    return meaning;
  }
  return {kind::reserved, ""};
}

void add_kinds(std::span<const Row> rows, std::set<std::string_view>& kinds) {
  for (const auto& row : rows) kinds.insert(row.meaning.kind);
}

}  // namespace

Meaning meaning_of(Table table, std::uint8_t wanted) {
  switch (table) {
    case Table::primary: return find(primary, wanted);
    case Table::first_extension: return find(first_extension, wanted);
    case Table::second_extension: return find(second_extension, wanted);
  }
  return {kind::reserved, ""};
}

Meaning meaning_of_fixed_unit(std::uint8_t wanted) { return find(fixed_units, wanted); }

std::vector<std::string_view> all_kinds() {
  std::set<std::string_view> kinds{kind::manufacturer_data, kind::status, kind::reserved};
  add_kinds(primary, kinds);
  add_kinds(first_extension, kinds);
  add_kinds(second_extension, kinds);
  add_kinds(fixed_units, kinds);
  return {kinds.begin(), kinds.end()};
}

}  // namespace fettle::mbus
