#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "plants/machine.hpp"

namespace fettle::plants {

enum class Table : std::uint8_t { holding, input };
enum class Form : std::uint8_t { u16, i16, f32 };

/// Where a value stands in a device's registers: value = raw x scale.
struct Cell {
  std::string_view point;
  std::uint16_t address;
  Form form;
  double scale;
};

/// The face that a device shows to a Modbus master, after the makers' register lists.
struct DeviceFace {
  std::string_view device;
  int unit;
  Table table;
  std::size_t registers;  ///< how many there are; unused ones read zero
  std::span<const Cell> cells;
};

/// The devices of the example site.
std::span<const DeviceFace> device_faces();

void write(const DeviceFace& face, std::span<const Value> values, std::span<std::uint16_t> registers);

/// What the device shows for a sensor that is broken.
void write_sensor_fault(const Cell& cell, std::span<std::uint16_t> registers);

}  // namespace fettle::plants
