#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fettle::mbus {

/// How the bits of a value are to be read where the data field alone does not say it.
enum class Nature : std::uint8_t {
  number,
  flags,   ///< bits and codes, never negative
  moment,  ///< a date, a time of day or both, by its length
  code,    ///< letters or a number without a measure
};

/// What a value information field says: number × 10^exponent × scale + offset is in `unit`.
struct Meaning {
  std::string_view kind;  ///< "flow_temperature"; what profiles select by
  std::string_view unit;  ///< as manuals write it; empty for none
  int exponent = 0;
  double scale = 1, offset = 0;
  Nature nature = Nature::number;
};

/// The three tables of EN 13757-3 that a first field can lead into.
enum class Table : std::uint8_t { primary, first_extension /* FD */, second_extension /* FB */ };

/// `code` is the field without its extension bit. What the standard reserves is of kind "reserved".
Meaning meaning_of(Table table, std::uint8_t code);

/// The units of the fixed structure, six bits.
Meaning meaning_of_fixed_unit(std::uint8_t code);

/// Every kind there is, in alphabetical order.
std::vector<std::string_view> all_kinds();

/// Kinds that no table has.
namespace kind {
constexpr std::string_view text = "text";  ///< the meter sends a name of its own: Record::label
constexpr std::string_view manufacturer_specific = "manufacturer";   ///< a value only its maker understands
constexpr std::string_view manufacturer_data = "manufacturer_data";  ///< bytes without any structure
constexpr std::string_view status = "status";                        ///< of the telegram's header
constexpr std::string_view reserved = "reserved";
}  // namespace kind

}  // namespace fettle::mbus
