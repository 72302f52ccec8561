#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace fettle {

/// What a number measures. Every quantity has exactly one unit inside Fettle; profiles and histories are converted at the door.
enum class Quantity : std::uint8_t {
  acceleration,
  active_energy,
  active_power,
  apparent_energy,
  apparent_power,
  count,
  current,
  duration,
  frequency,
  number,  ///< a plain one: starts an hour, a coefficient of performance
  plane_angle,
  power_factor,
  pressure,
  ratio,
  reactive_energy,
  reactive_power,
  relative_humidity,
  rotational_speed,
  state,
  temperature,
  temperature_difference,
  velocity,
  voltage,
  volume,
  volume_flow,
};

/// The facts of a quantity.
struct QuantityFacts {
  Quantity quantity;
  std::string_view name;   ///< as written in settings: "active_power"
  std::string_view unit;   ///< UCUM, as published: "kW"
  double lowest, highest;  ///< beyond these a value is physically impossible in a building: Reason::out_of_range
  int decimals;            ///< that a person wants to see
};

const QuantityFacts& facts(Quantity quantity);
std::span<const QuantityFacts> all_quantities();
std::optional<Quantity> quantity_named(std::string_view name);

/// True for what only grows: energies and volumes.
bool is_counter(Quantity quantity);

/// value in the quantity's unit = raw × scale + offset
struct Conversion {
  double scale = 1;
  double offset = 0;
};

/// How to bring a value in `unit` (as manuals write it: "W", "degF", "inH2O", "g", "%") into the quantity's own unit.
/// Nothing if the unit does not measure that quantity.
std::optional<Conversion> conversion(std::string_view unit, Quantity quantity);

}  // namespace fettle
