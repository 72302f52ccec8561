#include "acquisition/registers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace fettle::acquisition {
namespace {

constexpr Decoded nothing(Reason why) { return {std::numeric_limits<double>::quiet_NaN(), why}; }

std::uint64_t assemble(std::span<const std::uint16_t> words, WordOrder order) {
  std::uint64_t bits = 0;
  for (std::size_t place = 0; place < words.size(); ++place) {
    bits = bits << 16U | words[order == WordOrder::big ? place : words.size() - 1 - place];
  }
  return bits;
}

std::uint64_t extract(std::uint64_t bits, BitField field) {
  const auto width = field.last - field.first + 1;
  const auto mask = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  return bits >> field.first & mask;
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
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::size_t words_of(RegisterType type) {
  switch (type) {
    case RegisterType::u16:
    case RegisterType::i16: return 1;
    case RegisterType::u32:
    case RegisterType::i32:
    case RegisterType::f32: return 2;
    case RegisterType::u64:
    case RegisterType::i64:
    case RegisterType::f64: return 4;
  }
  return 1;
}

Decoded decode(double raw, const Scaling& scaling) {
  if (std::isnan(raw)) return nothing(Reason::no_value);
  const auto value = raw * scaling.conversion.scale + scaling.conversion.offset;
  // Written so that NaN, which an infinite raw number may become, is out of range as well.
  if (!(value >= scaling.lowest && value <= scaling.highest)) return nothing(Reason::out_of_range);
  return {value, Reason::none};
}

Decoded decode(const RegisterField& field, std::span<const std::uint16_t> words) {
  const auto count = words_of(field.type);
  if (words.size() < count) return nothing(Reason::malformed);
  const auto bits = assemble(words.first(count), field.order);
  if (std::find(field.invalid.begin(), field.invalid.end(), bits) != field.invalid.end())
    return nothing(Reason::no_value);
  const auto raw = field.bits ? static_cast<double>(extract(bits, *field.bits)) : number_of(field.type, bits);
  return decode(raw, field.scaling);
}

std::string reference_of(const RegisterField& field) {
  const auto digit = field.table == RegisterTable::holding ? '4' : '3';
  const auto number = field.address + 1;
  return number <= 9999 ? fmt::format("{}{:04}", digit, number) : fmt::format("{}{:05}", digit, number);
}

std::string to_hex(std::span<const std::uint16_t> words) {
  std::string text;
  for (const auto word : words) text += fmt::format("{}{:04X}", text.empty() ? "" : " ", word);
  return text;
}

}  // namespace fettle::acquisition
