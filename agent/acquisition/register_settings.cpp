#include "acquisition/register_settings.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace fettle::acquisition {
namespace {

using settings::Fields;

constexpr long registers = 65536;  // of a table

constexpr std::array<std::pair<std::string_view, RegisterTable>, 4> tables{{
    {"coil", RegisterTable::coil},
    {"discrete", RegisterTable::discrete},
    {"holding", RegisterTable::holding},
    {"input", RegisterTable::input},
}};

constexpr std::array<std::pair<std::string_view, RegisterType>, 10> types{{
    {"u16", RegisterType::u16},
    {"i16", RegisterType::i16},
    {"u32", RegisterType::u32},
    {"i32", RegisterType::i32},
    {"u64", RegisterType::u64},
    {"i64", RegisterType::i64},
    {"f32", RegisterType::f32},
    {"f64", RegisterType::f64},
    {"t5", RegisterType::t5},
    {"t6", RegisterType::t6},
}};

constexpr std::array<std::pair<std::string_view, WordOrder>, 4> orders{{
    {"big", WordOrder::big},
    {"little", WordOrder::little},
    {"big_swapped", WordOrder::big_swapped},
    {"little_swapped", WordOrder::little_swapped},
}};

constexpr std::array<std::pair<std::string_view, Coding>, 2> codings{{
    {"plain", Coding::plain},
    {"four_quadrant", Coding::four_quadrant},
}};

std::vector<std::uint64_t> read_invalid(Fields& fields, RegisterType type) {
  std::vector<std::uint64_t> markers;
  const auto width = 16 * words_of(type);
  const auto mask = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  for (const auto& node : fields.list_or_empty("invalid")) {
    const auto bits = parse_bits(node.scalar());
    if (!bits) {
      fields.mistakes().add(node, fmt::format("\"{}\" is not a raw register value (try 0x7FFF)", node.scalar()));
    } else if ((*bits & ~mask) != 0 && (~*bits & ~mask) != 0) {
      fields.mistakes().add(node, fmt::format("\"{}\" does not fit into {} bits", node.scalar(), width));
    } else {
      markers.push_back(*bits & mask);
    }
  }
  return markers;
}

std::optional<BitField> read_bits(Fields& fields, RegisterType type) {
  const auto items = fields.list_or_empty("bits");
  if (items.empty()) return std::nullopt;
  const auto first = parse_bits(items.front().scalar());
  const auto last = parse_bits(items.back().scalar());
  if (items.size() != 2 || !first || !last || *first > *last || *last >= 16 * words_of(type)) {
    fields.mistakes().add(fields.node()["bits"], "expected the first and the last bit of the value, such as [0, 3]");
    return std::nullopt;
  }
  return BitField{static_cast<unsigned>(*first), static_cast<unsigned>(*last)};
}

/// `plus: [805]` and `minus: [2]`.
void read_terms(Fields& fields, const char* key, double factor, RegisterField& field) {
  const auto last = static_cast<std::uint64_t>(registers) - words_of(field.type);
  for (const auto& node : fields.list_or_empty(key)) {
    const auto address = parse_bits(node.scalar());
    if (address && *address <= last) {
      field.terms.push_back({static_cast<std::uint16_t>(*address), factor});
    } else {
      fields.mistakes().add(node, fmt::format("expected an address from 0 to {}", last));
    }
  }
}

}  // namespace

std::optional<std::uint64_t> parse_bits(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  std::uint64_t bits = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, bits, hexadecimal ? 16 : 10);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return negative ? ~bits + 1 : bits;
}

RegisterTable read_table(Fields& fields, RegisterTable fallback) {
  return fields.choice<RegisterTable>("table", tables, fallback);
}

WordOrder read_order(Fields& fields, WordOrder fallback) { return fields.choice<WordOrder>("order", orders, fallback); }

RegisterType read_type(Fields& fields, std::optional<RegisterType> fallback) {
  return fallback ? fields.choice<RegisterType>("type", types, *fallback) : fields.choice<RegisterType>("type", types);
}

RegisterDefaults read_register_defaults(Fields& fields) {
  RegisterDefaults defaults;
  defaults.table = read_table(fields, defaults.table);
  defaults.order = read_order(fields, defaults.order);
  if (fields.has("type")) defaults.type = read_type(fields, std::nullopt);
  return defaults;
}

RegisterField read_field(Fields& fields, const RegisterDefaults& defaults) {
  RegisterField field;
  field.table = read_table(fields, defaults.table);
  if (holds_bits(field.table)) {  // which have neither a type nor parts
    field.address = static_cast<std::uint16_t>(fields.integer("address", 0, registers - 1));
    return field;
  }
  field.order = read_order(fields, defaults.order);
  field.type = read_type(fields, defaults.type);
  const auto last = registers - static_cast<long>(words_of(field.type));
  field.address = static_cast<std::uint16_t>(fields.integer("address", 0, last));
  field.bits = read_bits(fields, field.type);
  field.invalid = read_invalid(fields, field.type);
  read_terms(fields, "plus", 1, field);
  read_terms(fields, "minus", -1, field);
  if (fields.has("exponent")) field.exponent = static_cast<std::uint16_t>(fields.integer("exponent", 0, registers - 1));
  field.coding = fields.choice<Coding>("coding", codings, field.coding);
  return field;
}

}  // namespace fettle::acquisition
