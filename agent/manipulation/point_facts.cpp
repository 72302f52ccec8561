#include "manipulation/point_facts.hpp"

#include <array>
#include <cstddef>

namespace fettle::manipulation {
namespace {

/// What a machine drives leaps when it starts, up to ten times as far as while it runs (inrush): only a move beyond that is a spike.
constexpr double driven = 10, inert = 2;
/// A machine at a fixed speed shows the same amperes for days if the meter has two digits for them, and never if it has four.
constexpr double fine_digits = 200;

struct Row {
  Quantity quantity;
  Nature nature;
};

/// A quantity that is not here may leap and may stand still: states, counts, energies, valve positions, power factors. So may a voltage
/// leap: a reading of 0 V is an outage.
constexpr std::array<Row, 13> rows{{
    {Quantity::temperature, {5, inert, true, false, 0}},
    {Quantity::temperature_difference, {5, inert, true, true, 0}},
    {Quantity::relative_humidity, {20, inert, true, false, 0}},
    {Quantity::voltage, {0, 0, true, true, fine_digits}},
    {Quantity::pressure, {0, driven, true, true, fine_digits}},
    {Quantity::active_power, {0, driven, true, true, fine_digits}},
    {Quantity::apparent_power, {0, driven, true, true, fine_digits}},
    {Quantity::current, {0, driven, true, true, fine_digits}},
    {Quantity::acceleration, {0, driven, true, true, fine_digits}},
    {Quantity::velocity, {0, driven, true, true, fine_digits}},
    {Quantity::volume_flow, {0, driven, false, true, 0}},
    {Quantity::frequency, {2, driven, false, true, 0}},
    {Quantity::rotational_speed, {0, driven, false, true, 0}},
}};

/// By quantity: this is asked for every reading.
constexpr auto natures = [] {
  std::array<Nature, static_cast<std::size_t>(Quantity::volume_flow) + 1> all{};
  for (const auto& row : rows) all.at(static_cast<std::size_t>(row.quantity)) = row.nature;
  return all;
}();

}  // namespace

const Nature& nature_of(Quantity quantity) { return natures.at(static_cast<std::size_t>(quantity)); }

}  // namespace fettle::manipulation
