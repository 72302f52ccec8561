#include "plants/registers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace fettle::plants {
namespace {

constexpr std::array<Cell, 6> air_handler{{
    {"fan_power", 0, Form::u16, 0.01},
    {"fan_speed", 1, Form::u16, 0.0001},
    {"filter_dp", 2, Form::u16, 0.1},
    {"supply_temperature", 3, Form::i16, 0.01},
    {"return_temperature", 4, Form::i16, 0.01},
    {"outdoor_temperature", 5, Form::i16, 0.01},
}};

constexpr std::array<Cell, 5> pump{{
    {"power", 0, Form::u16, 0.01},
    {"speed", 1, Form::u16, 0.0001},
    {"vibration", 2, Form::u16, 0.01},
    {"bearing_temperature", 3, Form::i16, 0.01},
    {"ambient_temperature", 4, Form::i16, 0.01},
}};

constexpr std::array<Cell, 6> chiller{{
    {"power", 0, Form::u16, 0.1},
    {"chilled_supply_temperature", 1, Form::i16, 0.01},
    {"chilled_return_temperature", 2, Form::i16, 0.01},
    {"chilled_flow", 3, Form::u16, 0.1},
    {"condenser_leaving_temperature", 4, Form::i16, 0.01},
    {"condensing_temperature", 5, Form::i16, 0.01},
}};

constexpr std::array<Cell, 17> meter{{
    {"v_l1", 0, Form::f32, 1},
    {"v_l2", 2, Form::f32, 1},
    {"v_l3", 4, Form::f32, 1},
    {"i_l1", 6, Form::f32, 1},
    {"i_l2", 8, Form::f32, 1},
    {"i_l3", 10, Form::f32, 1},
    {"p_l1", 12, Form::f32, 0.001},
    {"p_l2", 14, Form::f32, 0.001},
    {"p_l3", 16, Form::f32, 0.001},
    {"pf_l1", 30, Form::f32, 1},
    {"pf_l2", 32, Form::f32, 1},
    {"pf_l3", 34, Form::f32, 1},
    {"p_total", 52, Form::f32, 0.001},
    {"s_total", 56, Form::f32, 0.001},
    {"pf_total", 62, Form::f32, 1},
    {"f", 70, Form::f32, 1},
    {"e_import", 72, Form::f32, 1},
}};

constexpr std::array<DeviceFace, 7> faces{{
    {"main_meter", 1, Table::input, 358, meter},
    {"ahu_1_io", 11, Table::holding, 6, air_handler},
    {"ahu_2_io", 12, Table::holding, 6, air_handler},
    {"pump_1_io", 21, Table::holding, 5, pump},
    {"pump_2_io", 22, Table::holding, 5, pump},
    {"chiller_1_io", 31, Table::holding, 6, chiller},
    {"chiller_2_io", 32, Table::holding, 6, chiller},
}};

/// Rounded, and held one short of the marker of a broken sensor.
std::uint16_t in_range(double raw, double lowest, double highest) {
  return static_cast<std::uint16_t>(static_cast<std::int32_t>(std::clamp(std::round(raw), lowest, highest)));
}

void write_float(float value, std::uint16_t address, std::span<std::uint16_t> registers) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  registers[address] = static_cast<std::uint16_t>(bits >> 16U);
  registers[address + 1U] = static_cast<std::uint16_t>(bits & 0xFFFFU);
}

void write_cell(const Cell& cell, double value, std::span<std::uint16_t> registers) {
  const double raw = value / cell.scale;
  switch (cell.form) {
    case Form::u16: registers[cell.address] = in_range(raw, 0, 0xFFFE); break;
    case Form::i16: registers[cell.address] = in_range(raw, -0x8000, 0x7FFE); break;
    case Form::f32: write_float(static_cast<float>(raw), cell.address, registers); break;
  }
}

}  // namespace

std::span<const DeviceFace> device_faces() { return faces; }

void write(const DeviceFace& face, std::span<const Value> values, std::span<std::uint16_t> registers) {
  for (const auto& cell : face.cells) {
    const auto value =
        std::find_if(values.begin(), values.end(), [&cell](const Value& each) { return each.point == cell.point; });
    if (value != values.end()) write_cell(cell, value->value, registers);
  }
}

void write_sensor_fault(const Cell& cell, std::span<std::uint16_t> registers) {
  switch (cell.form) {
    case Form::u16: registers[cell.address] = 0xFFFF; break;
    case Form::i16: registers[cell.address] = 0x7FFF; break;
    case Form::f32: write_float(std::numeric_limits<float>::quiet_NaN(), cell.address, registers); break;
  }
}

}  // namespace fettle::plants
