#include "acquisition/profile_point.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

namespace fettle::acquisition {
namespace {

using settings::Fields;
using settings::Mistakes;
using settings::Node;

constexpr std::array<std::pair<std::string_view, PointClass>, 3> classes{{
    {"fast", PointClass::fast},
    {"normal", PointClass::normal},
    {"slow", PointClass::slow},
}};

/// Per how many seconds a rate is given.
constexpr std::array<std::pair<std::string_view, double>, 4> rate_periods{{
    {"/s", 1},
    {"/min", 60},
    {"/h", 3600},
    {"/d", 86400},
}};

/// The keys of a point that are the same for every protocol.
constexpr std::array<const char*, 9> common_keys{"quantity", "unit",     "scale",   "offset",  "range",
                                                 "class",    "max_rate", "counter", "wraps_at"};

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

Conversion read_unit(Fields& fields, Quantity quantity, const PointDefaults& defaults) {
  const auto unit = defaults.unit ? fields.text("unit", *defaults.unit) : fields.text("unit");
  const auto found = conversion(unit, quantity);
  if (!found && !unit.empty()) {
    fields.mistakes().add(fields.node()["unit"], fmt::format("\"{}\" is not a unit of {} (try {})", unit,
                                                             facts(quantity).name, facts(quantity).unit));
  }
  return found.value_or(Conversion{});
}

/// "5/s", "30/min", "600/h": how fast the value may change, in the manual's unit.
double read_max_rate(Fields& fields, const Conversion& unit) {
  if (!fields.has("max_rate")) return 0;
  const auto text = fields.text("max_rate");
  for (const auto& [ending, seconds] : rate_periods) {
    if (!text.ends_with(ending)) continue;
    const auto rate = parse_number(std::string_view{text}.substr(0, text.size() - ending.size()));
    if (rate && *rate > 0) return *rate * unit.scale / seconds;
  }
  fields.mistakes().add(fields.node()["max_rate"],
                        fmt::format("\"{}\" is not a rate of change (try 5/s, 30/min or 600/h)", text));
  return 0;
}

Motion read_motion(Fields& fields, Quantity quantity, const Conversion& unit) {
  Motion motion;
  motion.max_rate = read_max_rate(fields, unit);
  motion.counts = fields.flag("counter", is_counter(quantity));
  constexpr double most = 1e18;
  if (fields.has("wraps_at")) motion.wraps_at = fields.number("wraps_at", 0, most) * unit.scale;
  return motion;
}

bool is_floating(RegisterType type) { return type == RegisterType::f32 || type == RegisterType::f64; }
bool is_unsigned(RegisterType type) {
  return type == RegisterType::u16 || type == RegisterType::u32 || type == RegisterType::u64;
}

/// A counter in an unsigned register begins again at 0 when the register is full, unless the profile knows better.
void complete_motion(const RegisterField& field, Motion& motion) {
  constexpr int bits_in_word = 16;
  const auto& conversion = field.scaling.conversion;
  if (field.exponent || is_floating(field.type)) return;
  motion.step = std::abs(conversion.scale);
  const bool is_plain = is_unsigned(field.type) && !field.bits && conversion.offset == 0;
  if (!motion.counts || motion.wraps_at > 0 || !is_plain) return;
  motion.wraps_at = std::ldexp(motion.step, bits_in_word * static_cast<int>(words_of(field.type)));
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::string_view name_of(PointClass point_class) { return classes.at(static_cast<std::size_t>(point_class)).first; }

PointDefaults read_defaults(const Node& node, Mistakes& mistakes) {
  PointDefaults defaults;
  if (!node) return defaults;
  Fields fields{node, mistakes};
  defaults.registers = read_register_defaults(fields);
  defaults.point_class = fields.choice<PointClass>("class", classes, defaults.point_class);
  if (fields.has("quantity")) defaults.quantity = fields.quantity("quantity");
  if (fields.has("unit")) defaults.unit = fields.text("unit");
  fields.finish();
  return defaults;
}

ProfilePoint read_point(const std::string& name, const Node& node, PointPlace place, PointDefaults defaults,
                        Mistakes& mistakes) {
  constexpr double most = 1e12;
  ProfilePoint point;
  point.name = name;
  point.node = node;
  Fields fields{node, mistakes};
  const bool own_quantity = fields.has("quantity") || !defaults.quantity;
  point.quantity = own_quantity ? fields.quantity("quantity") : *defaults.quantity;
  point.point_class = fields.choice<PointClass>("class", classes, defaults.point_class);
  // Registers come in the manual's unit, which has to be said; what others send is mostly in the quantity's own.
  if (place == PointPlace::elsewhere && !defaults.unit) defaults.unit = facts(point.quantity).unit;
  const auto unit = read_unit(fields, point.quantity, defaults);
  const auto scale = fields.number("scale", -most, most, 1);
  const auto offset = fields.number("offset", -most, most, 0);
  point.scaling.conversion = {scale * unit.scale, offset * unit.scale + unit.offset};
  read_range(fields, point.quantity, unit, point.scaling);
  point.motion = read_motion(fields, point.quantity, unit);
  if (place == PointPlace::elsewhere) return point;
  point.field = read_field(fields, defaults.registers);
  point.field.scaling = point.scaling;
  complete_motion(point.field, point.motion);
  fields.finish();
  return point;
}

settings::Fields point_fields(const ProfilePoint& point, settings::Mistakes& mistakes) {
  Fields fields{point.node, mistakes};
  for (const auto* const key : common_keys) fields.child(key);
  return fields;
}

}  // namespace fettle::acquisition
