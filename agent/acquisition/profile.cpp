#include "acquisition/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

namespace fettle::acquisition {
namespace {

using settings::Fields;
using settings::Mistakes;
using settings::Node;

constexpr long most_registers = 125;  // what fits into one Modbus answer

constexpr std::array<std::pair<std::string_view, RegisterTable>, 2> tables{{
    {"holding", RegisterTable::holding},
    {"input", RegisterTable::input},
}};

constexpr std::array<std::pair<std::string_view, RegisterType>, 8> types{{
    {"u16", RegisterType::u16},
    {"i16", RegisterType::i16},
    {"u32", RegisterType::u32},
    {"i32", RegisterType::i32},
    {"u64", RegisterType::u64},
    {"i64", RegisterType::i64},
    {"f32", RegisterType::f32},
    {"f64", RegisterType::f64},
}};

constexpr std::array<std::pair<std::string_view, WordOrder>, 2> orders{{
    {"big", WordOrder::big},
    {"little", WordOrder::little},
}};

constexpr std::string_view modbus = "modbus";

/// What points need not repeat.
struct Defaults {
  RegisterTable table = RegisterTable::holding;
  WordOrder order = WordOrder::big;
  std::optional<RegisterType> type;
  std::optional<Quantity> quantity;
  std::optional<std::string> unit;
};

Defaults read_defaults(const Node& node, Mistakes& mistakes) {
  Defaults defaults;
  if (!node) return defaults;
  Fields fields{node, mistakes};
  defaults.table = fields.choice<RegisterTable>("table", tables, defaults.table);
  defaults.order = fields.choice<WordOrder>("order", orders, defaults.order);
  if (fields.has("type")) defaults.type = fields.choice<RegisterType>("type", types);
  if (fields.has("quantity")) defaults.quantity = fields.quantity("quantity");
  if (fields.has("unit")) defaults.unit = fields.text("unit");
  fields.finish();
  return defaults;
}

/// A whole number as people write raw bits: 65535, -32768, 0x7FFF.
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

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
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

/// `range:` in the unit of the manual; without it, what is physically possible.
void read_range(Fields& fields, Quantity quantity, const Conversion& unit, Scaling& scaling) {
  scaling.lowest = facts(quantity).lowest;
  scaling.highest = facts(quantity).highest;
  const auto items = fields.list_or_empty("range");
  if (items.empty()) return;
  const auto low = parse_number(items.front().scalar());
  const auto high = parse_number(items.back().scalar());
  if (items.size() != 2 || !low || !high || !(*low < *high)) {
    fields.mistakes().add(fields.node()["range"],
                          "expected the lowest and the highest possible value, such as [0, 100]");
    return;
  }
  scaling.lowest = *low * unit.scale + unit.offset;
  scaling.highest = *high * unit.scale + unit.offset;
}

Conversion read_unit(Fields& fields, Quantity quantity, const Defaults& defaults) {
  const auto unit = defaults.unit ? fields.text("unit", *defaults.unit) : fields.text("unit");
  const auto found = conversion(unit, quantity);
  if (!found && !unit.empty()) {
    fields.mistakes().add(fields.node()["unit"], fmt::format("\"{}\" is not a unit of {} (try {})", unit,
                                                             facts(quantity).name, facts(quantity).unit));
  }
  return found.value_or(Conversion{});
}

Scaling read_scaling(Fields& fields, Quantity quantity, const Defaults& defaults) {
  Scaling scaling;
  const auto unit = read_unit(fields, quantity, defaults);
  const auto scale = fields.number("scale", -1e12, 1e12, 1);
  const auto offset = fields.number("offset", -1e12, 1e12, 0);
  scaling.conversion = {scale * unit.scale, offset * unit.scale + unit.offset};
  read_range(fields, quantity, unit, scaling);
  return scaling;
}

RegisterField read_field(Fields& fields, const Defaults& defaults) {
  RegisterField field;
  field.table = fields.choice<RegisterTable>("table", tables, defaults.table);
  field.order = fields.choice<WordOrder>("order", orders, defaults.order);
  field.type = defaults.type ? fields.choice<RegisterType>("type", types, *defaults.type)
                             : fields.choice<RegisterType>("type", types);
  const auto last = 65536 - static_cast<long>(words_of(field.type));
  field.address = static_cast<std::uint16_t>(fields.integer("address", 0, last));
  field.bits = read_bits(fields, field.type);
  field.invalid = read_invalid(fields, field.type);
  return field;
}

ProfilePoint read_point(const std::string& name, const Node& node, bool in_registers, Defaults defaults,
                        Mistakes& mistakes) {
  ProfilePoint point;
  point.name = name;
  point.node = node;
  Fields fields{node, mistakes};
  const auto own_quantity = fields.has("quantity") || !defaults.quantity;
  point.quantity = own_quantity ? fields.quantity("quantity") : *defaults.quantity;
  if (!in_registers && !defaults.unit) defaults.unit = facts(point.quantity).unit;
  point.scaling = read_scaling(fields, point.quantity, defaults);
  if (!in_registers) return point;
  point.field = read_field(fields, defaults);
  point.field.scaling = point.scaling;
  fields.finish();
  return point;
}

std::optional<std::vector<std::uint16_t>> parse_words(std::string_view text) {
  std::vector<std::uint16_t> result;
  while (true) {
    const auto begin = text.find_first_not_of(" \n");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const auto word = text.substr(0, text.find_first_of(" \n"));
    std::uint16_t value = 0;
    const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
    if (word.size() != 4 || error != std::errc{} || stop != word.data() + word.size()) return std::nullopt;
    result.push_back(value);
    text.remove_prefix(word.size());
  }
  if (result.empty()) return std::nullopt;
  return result;
}

/// A number, or the name of a reason.
std::optional<ExpectedReading> read_expected(std::size_t point, const Node& node) {
  if (const auto value = parse_number(node.scalar())) return ExpectedReading{point, *value, Reason::none};
  for (const auto reason : {Reason::no_value, Reason::out_of_range}) {
    if (node.scalar() == name_of(reason)) return ExpectedReading{point, 0, reason};
  }
  return std::nullopt;
}

ProfileExample read_example(const Node& node, const DeviceProfile& profile, RegisterTable table, Mistakes& mistakes) {
  ProfileExample example;
  Fields fields{node, mistakes};
  example.mark = node.mark();
  example.table = fields.choice<RegisterTable>("table", tables, table);
  example.address = static_cast<std::uint16_t>(fields.integer("address", 0, 65535));
  const auto found = parse_words(fields.text("words"));
  if (!found) mistakes.add(node["words"], "expected registers as four hexadecimal digits each, such as 4366 199A");
  example.words = found.value_or(std::vector<std::uint16_t>{});
  for (const auto& [name, value] : fields.required_child("readings").entries()) {
    const auto point = profile.find(name);
    const auto expected = point ? read_expected(*point, value) : std::nullopt;
    if (!point) {
      mistakes.add(value, fmt::format("the profile has no point \"{}\"", name));
    } else if (!expected) {
      mistakes.add(value,
                   fmt::format("expected a number, \"no value\" or \"out of range\", found \"{}\"", value.scalar()));
    } else {
      example.readings.push_back(*expected);
    }
  }
  fields.finish();
  return example;
}

void read_protocol(const DeviceProfile& profile, Mistakes& mistakes) {
  if (profile.protocol.empty()) return;
  const auto& protocols = Registry<Protocol>::instance();
  if (const auto* protocol = protocols.find(profile.protocol)) return protocol->make(profile, mistakes);
  std::string names{modbus};
  for (const auto& entry : protocols.entries()) names += ", " + entry.first;
  mistakes.add(profile.node["protocol"],
               fmt::format("there is no protocol \"{}\" (there are {})", profile.protocol, names));
}

}  // namespace

std::optional<std::size_t> DeviceProfile::find(std::string_view point) const {
  for (std::size_t place = 0; place < points.size(); ++place) {
    if (points[place].name == point) return place;
  }
  return std::nullopt;
}

settings::Fields profile_fields(const DeviceProfile& profile, settings::Mistakes& mistakes) {
  Fields fields{profile.node, mistakes};
  for (const auto* const key : {"name", "title", "maker", "models", "protocol", "verified", "defaults", "points"})
    fields.child(key);
  return fields;
}

settings::Fields point_fields(const ProfilePoint& point, settings::Mistakes& mistakes) {
  Fields fields{point.node, mistakes};
  for (const auto* const key : {"quantity", "unit", "scale", "offset", "range"}) fields.child(key);
  return fields;
}

DeviceProfile read_device_profile(const settings::Node& root, settings::Mistakes& mistakes) {
  DeviceProfile profile;
  profile.node = root;
  Fields fields{root, mistakes};
  profile.name = fields.text("name", std::filesystem::path{root.mark().file}.stem().string());
  profile.title = fields.text("title", profile.name);
  profile.maker = fields.text("maker", "");
  profile.models = fields.texts("models");
  profile.protocol = fields.text("protocol");
  profile.verified = fields.flag("verified", false);
  profile.max_registers = static_cast<std::size_t>(fields.integer("max_registers", 1, most_registers, most_registers));
  profile.gap = static_cast<std::size_t>(fields.integer("gap", 0, most_registers, 0));
  profile.min_gap = fields.duration("min_gap", Duration{0}, Duration{0});
  const auto defaults = read_defaults(fields.child("defaults"), mistakes);
  const bool in_registers = profile.protocol == modbus;
  for (const auto& [name, node] : fields.required_child("points").entries()) {
    profile.points.push_back(read_point(name, node, in_registers, defaults, mistakes));
    if (in_registers && words_of(profile.points.back().field.type) > profile.max_registers) {
      mistakes.add(node, fmt::format("\"{}\" takes more registers than max_registers allows", name));
    }
  }
  if (profile.points.empty() && fields.has("points"))
    mistakes.add(root["points"], "a device without points is of no use");
  if (!in_registers) {
    read_protocol(profile, mistakes);
    return profile;
  }
  for (const auto& node : fields.list_or_empty("examples")) {
    profile.examples.push_back(read_example(node, profile, defaults.table, mistakes));
  }
  fields.finish();
  return profile;
}

}  // namespace fettle::acquisition
