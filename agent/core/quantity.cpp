#include "core/quantity.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fettle {
namespace {

constexpr std::array<QuantityFacts, 25> table{{
    {Quantity::acceleration, "acceleration", "m/s2", -1e4, 1e4, 3},
    {Quantity::active_energy, "active_energy", "kWh", -1e12, 1e12, 1},
    {Quantity::active_power, "active_power", "kW", -1e6, 1e6, 3},
    {Quantity::apparent_energy, "apparent_energy", "kV.A.h", -1e12, 1e12, 1},
    {Quantity::apparent_power, "apparent_power", "kV.A", 0, 1e6, 3},
    {Quantity::count, "count", "1", 0, 1e15, 0},
    {Quantity::current, "current", "A", -1e5, 1e5, 2},
    {Quantity::duration, "duration", "h", 0, 1e7, 1},
    {Quantity::frequency, "frequency", "Hz", 0, 1000, 2},
    {Quantity::number, "number", "1", -1e6, 1e6, 2},
    {Quantity::plane_angle, "plane_angle", "deg", -360, 360, 1},
    {Quantity::power_factor, "power_factor", "1", -1, 1, 3},
    {Quantity::pressure, "pressure", "Pa", -1e5, 1e8, 1},
    {Quantity::ratio, "ratio", "1", -10, 1e6, 3},
    {Quantity::reactive_energy, "reactive_energy", "kvar.h", -1e12, 1e12, 1},
    {Quantity::reactive_power, "reactive_power", "kvar", -1e6, 1e6, 3},
    {Quantity::relative_humidity, "relative_humidity", "%", 0, 110, 1},
    {Quantity::rotational_speed, "rotational_speed", "{rpm}", -1e5, 1e5, 0},
    {Quantity::state, "state", "1", -2147483648.0, 4294967295.0, 0},
    {Quantity::temperature, "temperature", "Cel", -60, 1200, 2},
    {Quantity::temperature_difference, "temperature_difference", "K", -500, 500, 2},
    {Quantity::velocity, "velocity", "mm/s", 0, 1000, 2},
    {Quantity::voltage, "voltage", "V", -1e6, 1e6, 1},
    {Quantity::volume, "volume", "m3", 0, 1e12, 3},
    {Quantity::volume_flow, "volume_flow", "m3/h", -1e7, 1e7, 2},
}};

struct UnitRow {
  std::string_view unit;
  Quantity quantity;
  Conversion conversion;
};

constexpr double standard_gravity = 9.80665;
constexpr double fahrenheit = 5.0 / 9.0;

/// Units that installers meet beside the quantity's own.
constexpr std::array<UnitRow, 57> other_units{{
    {"g", Quantity::acceleration, {standard_gravity, 0}},
    {"mg", Quantity::acceleration, {standard_gravity / 1000, 0}},
    {"Wh", Quantity::active_energy, {1e-3, 0}},
    {"MWh", Quantity::active_energy, {1e3, 0}},
    {"W", Quantity::active_power, {1e-3, 0}},
    {"MW", Quantity::active_power, {1e3, 0}},
    {"hp", Quantity::active_power, {0.745699872, 0}},
    {"VAh", Quantity::apparent_energy, {1e-3, 0}},
    {"kVAh", Quantity::apparent_energy, {1, 0}},
    {"VA", Quantity::apparent_power, {1e-3, 0}},
    {"kVA", Quantity::apparent_power, {1, 0}},
    {"", Quantity::count, {1, 0}},
    {"mA", Quantity::current, {1e-3, 0}},
    {"min", Quantity::duration, {1.0 / 60, 0}},
    {"s", Quantity::duration, {1.0 / 3600, 0}},
    {"d", Quantity::duration, {24, 0}},
    {"mHz", Quantity::frequency, {1e-3, 0}},
    {"rad", Quantity::plane_angle, {57.29577951308232, 0}},
    {"", Quantity::power_factor, {1, 0}},
    {"%", Quantity::power_factor, {1e-2, 0}},
    {"hPa", Quantity::pressure, {1e2, 0}},
    {"kPa", Quantity::pressure, {1e3, 0}},
    {"mbar", Quantity::pressure, {1e2, 0}},
    {"bar", Quantity::pressure, {1e5, 0}},
    {"psi", Quantity::pressure, {6894.757293, 0}},
    {"inH2O", Quantity::pressure, {249.08891, 0}},
    {"mH2O", Quantity::pressure, {9806.65, 0}},
    {"", Quantity::ratio, {1, 0}},
    {"%", Quantity::ratio, {1e-2, 0}},
    {"permille", Quantity::ratio, {1e-3, 0}},
    {"varh", Quantity::reactive_energy, {1e-3, 0}},
    {"kvarh", Quantity::reactive_energy, {1, 0}},
    {"Mvarh", Quantity::reactive_energy, {1e3, 0}},
    {"var", Quantity::reactive_power, {1e-3, 0}},
    {"1", Quantity::relative_humidity, {1e2, 0}},
    {"rpm", Quantity::rotational_speed, {1, 0}},
    {"1/min", Quantity::rotational_speed, {1, 0}},
    {"", Quantity::state, {1, 0}},
    {"degC", Quantity::temperature, {1, 0}},
    {"K", Quantity::temperature, {1, -273.15}},
    {"degF", Quantity::temperature, {fahrenheit, -32 * fahrenheit}},
    {"degC", Quantity::temperature_difference, {1, 0}},
    {"degF", Quantity::temperature_difference, {fahrenheit, 0}},
    {"m/s", Quantity::velocity, {1e3, 0}},
    {"in/s", Quantity::velocity, {25.4, 0}},
    {"mV", Quantity::voltage, {1e-3, 0}},
    {"kV", Quantity::voltage, {1e3, 0}},
    {"l", Quantity::volume, {1e-3, 0}},
    {"L", Quantity::volume, {1e-3, 0}},
    {"l/h", Quantity::volume_flow, {1e-3, 0}},
    {"l/min", Quantity::volume_flow, {0.06, 0}},
    {"l/s", Quantity::volume_flow, {3.6, 0}},
    {"m3/s", Quantity::volume_flow, {3600, 0}},
    {"gpm", Quantity::volume_flow, {0.2271247, 0}},
    {"cfm", Quantity::volume_flow, {1.69901082, 0}},
    {"kJ", Quantity::active_energy, {1.0 / 3600, 0}},
    {"GJ", Quantity::active_energy, {1e6 / 3600, 0}},
}};

}  // namespace

const QuantityFacts& facts(Quantity quantity) { return table.at(static_cast<std::size_t>(quantity)); }

std::span<const QuantityFacts> all_quantities() { return table; }

std::optional<Quantity> quantity_named(std::string_view name) {
  const auto* row = std::find_if(table.begin(), table.end(), [name](const auto& each) { return each.name == name; });
  if (row == table.end()) return std::nullopt;
  return row->quantity;
}

bool is_counter(Quantity quantity) {
  return quantity == Quantity::active_energy || quantity == Quantity::reactive_energy ||
         quantity == Quantity::apparent_energy || quantity == Quantity::volume;
}

std::optional<Conversion> conversion(std::string_view unit, Quantity quantity) {
  if (unit == facts(quantity).unit) return Conversion{};
  for (const auto& row : other_units) {
    if (row.unit == unit && row.quantity == quantity) return row.conversion;
  }
  return std::nullopt;
}

}  // namespace fettle
