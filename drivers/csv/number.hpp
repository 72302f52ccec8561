#pragma once

#include "text/words.hpp"

#include <cstdint>
#include <string_view>

namespace fettle::csv {

/// What separates the whole part of a number.
enum class Decimal : std::uint8_t {
  guess,  ///< a point, or a comma where it cannot be anything else
  point,
  comma,
};

/// A cell as a number. Groups of three digits may be separated by whichever of comma and point is not the decimal one.
/// `delimiter` is the table's: where it is a comma, a lone comma inside quotes separates thousands.
acquisition::Decoded number_in(std::string_view cell, char delimiter, Decimal decimal, const text::States& states);

}  // namespace fettle::csv
