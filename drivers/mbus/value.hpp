#pragma once

#include "mbus/bytes.hpp"
#include "mbus/meaning.hpp"

#include <cstdint>
#include <limits>
#include <string>

namespace fettle::mbus {

/// A value of a record, before its unit: a number, letters, a date, bytes, or nothing.
struct Value {
  enum class Form : std::uint8_t { none, number, text, moment, bytes };

  Form form = Form::none;
  double number = std::numeric_limits<double>::quiet_NaN();  ///< of Form::number
  std::string text;                                          ///< of the others: UTF-8, "2014-03-12T14:23", "17 3E D1"
};

/// Data fields of a DIF: the low four bits.
namespace data_field {
constexpr std::uint8_t none = 0x0, integer_64 = 0x7, real = 0x5, selection = 0x8, bcd_2 = 0x9, bcd_8 = 0xC,
                       variable = 0xD, bcd_12 = 0xE, special = 0xF;
}  // namespace data_field

/// How many bytes a value takes; of a variable one the length byte alone.
std::size_t size_of(std::uint8_t data_field);

/// How many bytes follow the length byte of a variable value; nothing for what is reserved.
std::optional<std::size_t> variable_size(std::uint8_t length);

/// `data` is as long as size_of() says, and least significant byte first. Whatever the meter itself marks as invalid has no value.
Value decode_value(std::uint8_t data_field, Nature nature, ByteSpan data);

/// `data` is what follows the length byte.
Value decode_variable(std::uint8_t length, ByteSpan data);

/// ISO 8859-1, in the order of reading.
std::string to_utf8(ByteSpan letters);

/// Binary coded decimals, least significant byte first; a number only if the digits are.
Value decode_bcd(ByteSpan data);

}  // namespace fettle::mbus
