#include "sysfs/kernel_units.hpp"

#include <array>

namespace fettle::sysfs {
namespace {

struct Row {
  std::string_view begins, ends;
  KernelUnit unit;
};

constexpr double milli = 1e-3;
constexpr double micro_watt_to_kilowatt = 1e-9;
constexpr double micro_joule_to_kilowatt_hour = 1e-9 / 3600;
constexpr double kilopascal_to_pascal = 1e3;
constexpr double milli_watt_to_kilowatt = 1e-6;

/// IIO before hwmon, whose names are shorter.
constexpr std::array<Row, 19> table{{
    {"w1_slave", "", {Quantity::temperature, milli}},
    {"temperature", "", {Quantity::temperature, milli}},
    {"in_temp", "", {Quantity::temperature, milli}},
    {"in_voltage", "", {Quantity::voltage, milli}},
    {"in_current", "", {Quantity::current, milli}},
    {"in_power", "", {Quantity::active_power, milli_watt_to_kilowatt}},
    {"in_humidityrelative", "", {Quantity::relative_humidity, milli}},
    {"in_pressure", "", {Quantity::pressure, kilopascal_to_pascal}},
    {"in_accel", "", {Quantity::acceleration, 1}},
    {"temp", "_input", {Quantity::temperature, milli}},
    {"in", "_input", {Quantity::voltage, milli}},
    {"curr", "_input", {Quantity::current, milli}},
    {"power", "_input", {Quantity::active_power, micro_watt_to_kilowatt}},
    {"power", "_average", {Quantity::active_power, micro_watt_to_kilowatt}},
    {"energy", "_input", {Quantity::active_energy, micro_joule_to_kilowatt_hour}},
    {"humidity", "_input", {Quantity::relative_humidity, milli}},
    {"fan", "_input", {Quantity::rotational_speed, 1}},
    {"freq", "_input", {Quantity::frequency, 1}},
    {"temp", "", {Quantity::temperature, milli}},  // of a thermal zone
}};

}  // namespace

std::optional<KernelUnit> kernel_unit(std::string_view file) {
  const auto slash = file.rfind('/');
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  for (const auto& row : table) {
    const bool whole_name = row.ends.empty() && !row.begins.starts_with("in_");
    if (whole_name ? file == row.begins : file.starts_with(row.begins) && file.ends_with(row.ends)) return row.unit;
  }
  return std::nullopt;
}

}  // namespace fettle::sysfs
