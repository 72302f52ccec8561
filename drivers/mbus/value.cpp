#include "mbus/value.hpp"

#include "mbus/moment.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace fettle::mbus {
namespace {

using Form = Value::Form;

constexpr unsigned bits_of_byte = 8;

Value number(double value) { return {Form::number, value, {}}; }

std::uint64_t unsigned_of(ByteSpan data) {
  std::uint64_t bits = 0;
  for (std::size_t place = data.size(); place > 0; --place) bits = bits << bits_of_byte | data[place - 1];
  return bits;
}

/// The lowest number of each width is the standard's mark for an invalid value.
Value signed_value(ByteSpan data) {
  if (data.empty()) return {};
  const auto unused = static_cast<unsigned>(64 - bits_of_byte * data.size());
  const auto bits = unsigned_of(data) << unused;
  if (bits == std::uint64_t{1} << 63U) return {};
  return number(static_cast<double>(static_cast<std::int64_t>(bits) >> unused));
}

Value real_value(ByteSpan data) {
  const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(unsigned_of(data)));
  if (!std::isfinite(value)) return {};
  return number(static_cast<double>(value));
}

Value bytes_value(ByteSpan data) { return {Form::bytes, std::numeric_limits<double>::quiet_NaN(), to_hex(data)}; }

Value text_value(ByteSpan data) {
  const Bytes in_reading_order(data.rbegin(), data.rend());
  return {Form::text, std::numeric_limits<double>::quiet_NaN(), to_utf8(in_reading_order)};
}

Value bcd_digits(ByteSpan data, bool negative) {
  auto value = decode_bcd(data);
  if (value.form == Form::number && negative) value.number = -value.number;
  return value;
}

}  // namespace

std::size_t size_of(std::uint8_t data_field) {
  constexpr std::array<std::uint8_t, 16> sizes{0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 1, 6, 0};
  return sizes.at(data_field & 0xFU);
}

std::optional<std::size_t> variable_size(std::uint8_t length) {
  if (length < 0xC0) return length;
  if (length < 0xCA) return length - 0xC0U;  // positive decimals
  if (length >= 0xD0 && length < 0xDA) return length - 0xD0U;
  if (length >= 0xE0 && length < 0xF0) return length - 0xE0U;
  if (length >= 0xF0 && length < 0xF5) return 4 * (length - 0xECU);
  if (length == 0xF5) return 48;
  if (length == 0xF6) return 64;
  return std::nullopt;
}

Value decode_value(std::uint8_t data_field, Nature nature, ByteSpan data) {
  if (data_field >= data_field::bcd_2 && data_field != data_field::variable && data_field != data_field::special)
    return decode_bcd(data);
  if (data.empty()) return {};
  if (data_field == data_field::real) return real_value(data);
  if (nature == Nature::moment) return {Form::moment, std::numeric_limits<double>::quiet_NaN(), decode_moment(data)};
  if (nature == Nature::flags) return number(static_cast<double>(unsigned_of(data)));
  return signed_value(data);
}

Value decode_variable(std::uint8_t length, ByteSpan data) {
  if (length < 0xC0) return text_value(data);
  if (length < 0xD0) return bcd_digits(data, false);
  if (length < 0xE0) return bcd_digits(data, true);
  if (data.size() > sizeof(std::uint64_t)) return bytes_value(data);
  return signed_value(data);
}

std::string to_utf8(ByteSpan letters) {
  constexpr unsigned ascii_end = 0x80, continuation_bits = 6, continuation_mask = 0x3F;
  std::string text;
  for (const unsigned letter : letters) {
    if (letter < ' ' || (letter >= 0x7F && letter < 0xA0)) continue;  // control characters, which some meters pad with
    if (letter < ascii_end) {
      text += static_cast<char>(letter);
    } else {
      text += static_cast<char>(0xC0U | letter >> continuation_bits);
      text += static_cast<char>(ascii_end | (letter & continuation_mask));
    }
  }
  return text;
}

Value decode_bcd(ByteSpan data) {
  constexpr unsigned sign = 0xF;
  double value = 0;
  bool negative = false;
  for (std::size_t place = data.size(); place > 0; --place) {
    const unsigned high = data[place - 1] >> 4U, low = data[place - 1] & 0xFU;
    const bool has_sign = place == data.size() && high == sign;
    if ((high > 9 && !has_sign) || low > 9) return {};
    negative = negative || has_sign;
    value = 100 * value + (has_sign ? 0 : 10 * high) + low;
  }
  if (data.empty()) return {};
  return number(negative ? -value : value);
}

}  // namespace fettle::mbus
