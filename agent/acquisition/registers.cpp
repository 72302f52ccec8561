#include "acquisition/registers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace fettle::acquisition {
namespace {

using Words = std::span<const std::uint16_t>;

constexpr Decoded nothing(Reason why) { return {std::numeric_limits<double>::quiet_NaN(), why}; }

char digit_of(RegisterTable table) {
  switch (table) {
    case RegisterTable::coil: return '0';
    case RegisterTable::discrete: return '1';
    case RegisterTable::input: return '3';
    case RegisterTable::holding: break;
  }
  return '4';
}

std::uint16_t swapped(std::uint16_t word) { return static_cast<std::uint16_t>(word << 8U | word >> 8U); }

std::uint64_t extract(std::uint64_t bits, BitField field) {
  const auto width = field.last - field.first + 1;
  const auto mask = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  return bits >> field.first & mask;
}

/// By division where the power is negative: 2345 × 10^-1 is then exactly 234.5.
double times_ten_to(double number, int power) {
  return power < 0 ? number / std::pow(10.0, -power) : number * std::pow(10.0, power);
}

double exponential(std::uint64_t bits, bool has_sign) {
  constexpr std::uint32_t mantissa_mask = 0xFFFFFF, sign_bit = 0x800000;
  constexpr double sign_weight = 0x1000000;
  const auto power = static_cast<std::int8_t>(bits >> 24U);
  double mantissa = static_cast<double>(bits & mantissa_mask);
  if (has_sign && (bits & sign_bit) != 0) mantissa -= sign_weight;
  return times_ten_to(mantissa, power);
}

double number_of(RegisterType type, std::uint64_t bits) {
  switch (type) {
    case RegisterType::u16:
    case RegisterType::u32:
    case RegisterType::u64: return static_cast<double>(bits);
    case RegisterType::i16: return static_cast<std::int16_t>(bits);
    case RegisterType::i32: return static_cast<std::int32_t>(bits);
    case RegisterType::i64: return static_cast<double>(static_cast<std::int64_t>(bits));
    case RegisterType::f32: return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case RegisterType::f64: return std::bit_cast<double>(bits);
    case RegisterType::t5: return exponential(bits, false);
    case RegisterType::t6: return exponential(bits, true);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// One number of the field; its words begin with `words`.
Decoded part_of(const RegisterField& field, Words words) {
  const auto bits = bits_in(field.order, words.first(words_of(field.type)));
  if (std::find(field.invalid.begin(), field.invalid.end(), bits) != field.invalid.end())
    return nothing(Reason::no_value);
  return {field.bits ? static_cast<double>(extract(bits, *field.bits)) : number_of(field.type, bits), Reason::none};
}

Decoded scaled(double number, std::uint16_t exponent) {
  constexpr std::uint16_t no_exponent = 0x8000;
  constexpr int largest = 10;
  if (exponent == no_exponent) return nothing(Reason::no_value);
  const auto power = static_cast<std::int16_t>(exponent);
  if (power < -largest || power > largest) return nothing(Reason::out_of_range);
  return {times_ten_to(number, power), Reason::none};
}

double uncoded(Coding coding, double raw) {
  if (coding == Coding::plain || std::abs(raw) <= 1) return raw;
  if (std::abs(raw) > 2) return std::numeric_limits<double>::infinity();  // which no scaling takes
  return raw > 0 ? 2 - raw : -2 - raw;
}

}  // namespace

std::size_t words_of(RegisterType type) {
  switch (type) {
    case RegisterType::u16:
    case RegisterType::i16: return 1;
    case RegisterType::u32:
    case RegisterType::i32:
    case RegisterType::f32:
    case RegisterType::t5:
    case RegisterType::t6: return 2;
    case RegisterType::u64:
    case RegisterType::i64:
    case RegisterType::f64: return 4;
  }
  return 1;
}

Extent extent_of(const RegisterField& field) {
  Extent extent{field.address, field.address + words_of(field.type)};
  const auto include = [&extent](std::size_t address, std::size_t count) {
    extent.first = std::min(extent.first, address);
    extent.end = std::max(extent.end, address + count);
  };
  for (const auto& term : field.terms) include(term.address, words_of(field.type));
  if (field.exponent) include(*field.exponent, 1);
  return extent;
}

void move_by(RegisterField& field, std::uint16_t base) {
  const auto moved = [base](std::uint16_t address) { return static_cast<std::uint16_t>(address + base); };
  field.address = moved(field.address);
  for (auto& term : field.terms) term.address = moved(term.address);
  if (field.exponent) field.exponent = moved(*field.exponent);
}

Decoded decode(double raw, const Scaling& scaling) {
  if (std::isnan(raw)) return nothing(Reason::no_value);
  const auto value = raw * scaling.conversion.scale + scaling.conversion.offset;
  // Written so that NaN, which an infinite raw number may become, is out of range as well.
  if (!(value >= scaling.lowest && value <= scaling.highest)) return nothing(Reason::out_of_range);
  return {value, Reason::none};
}

Decoded decode(const RegisterField& field, Words words) {
  const auto [first, end] = extent_of(field);
  if (words.size() < end - first) return nothing(Reason::malformed);
  auto sum = part_of(field, words.subspan(field.address - first));
  for (const auto& [address, factor] : field.terms) {
    const auto part = part_of(field, words.subspan(address - first));
    if (part.reason != Reason::none) return part;
    sum.value += factor * part.value;
  }
  if (sum.reason == Reason::none && field.exponent) sum = scaled(sum.value, words[*field.exponent - first]);
  if (sum.reason != Reason::none) return sum;
  return decode(uncoded(field.coding, sum.value), field.scaling);
}

std::uint64_t bits_in(WordOrder order, Words words) {
  const bool low_word_first = order == WordOrder::little || order == WordOrder::little_swapped;
  const bool bytes_swapped = order == WordOrder::big_swapped || order == WordOrder::little_swapped;
  std::uint64_t bits = 0;
  for (std::size_t place = 0; place < words.size(); ++place) {
    const auto word = words[low_word_first ? words.size() - 1 - place : place];
    bits = bits << 16U | (bytes_swapped ? swapped(word) : word);
  }
  return bits;
}

double number_in(RegisterType type, WordOrder order, Words words) {
  const auto count = words_of(type);
  if (words.size() < count) return std::numeric_limits<double>::quiet_NaN();
  return number_of(type, bits_in(order, words.first(count)));
}

std::string reference_of(const RegisterField& field) {
  const auto digit = digit_of(field.table);
  const auto number = field.address + 1;
  return number <= 9999 ? fmt::format("{}{:04}", digit, number) : fmt::format("{}{:05}", digit, number);
}

std::string to_hex(Words words) {
  std::string text;
  for (const auto word : words) text += fmt::format("{}{:04X}", text.empty() ? "" : " ", word);
  return text;
}

std::string to_hex(const RegisterField& field, Words words) {
  const auto [first, end] = extent_of(field);
  if (words.size() < end - first) return to_hex(words);
  const auto count = words_of(field.type);
  auto text = to_hex(words.subspan(field.address - first, count));
  for (const auto& term : field.terms) text += " / " + to_hex(words.subspan(term.address - first, count));
  if (field.exponent) text += " / " + to_hex(words.subspan(*field.exponent - first, 1));
  return text;
}

}  // namespace fettle::acquisition
