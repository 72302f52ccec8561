#include "settings/fields.hpp"

#include "core/level.hpp"
#include "settings/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>

namespace fettle::settings {
namespace {

/// The whole text as a number, or nothing.
template <class T, class... Base>
std::optional<T> parse(std::string_view text, Base... base) {
  T value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base...);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<long> parse_whole(std::string_view text) {
  constexpr int hexadecimal = 16;
  if (text.substr(0, 2) != "0x" && text.substr(0, 2) != "0X") return parse<long>(text);
  text.remove_prefix(2);
  if (text.substr(0, 1) == "-") return std::nullopt;
  return parse<long>(text, hexadecimal);
}

/// " (0 to 10)", " (at least 0)"; empty if nothing bounds it.
template <class T>
std::string bounds(T lowest, T highest) {
  const bool below = lowest > std::numeric_limits<T>::lowest();
  const bool above = highest < std::numeric_limits<T>::max();
  if (below && above) return fmt::format(" ({} to {})", lowest, highest);
  if (below) return fmt::format(" (at least {})", lowest);
  if (above) return fmt::format(" (at most {})", highest);
  return {};
}

struct SizeUnit {
  std::string_view suffix;
  std::uint64_t bytes;
};

constexpr std::array<SizeUnit, 5> size_units{
    {{"GB", 1'000'000'000}, {"MB", 1'000'000}, {"kB", 1'000}, {"B", 1}, {"", 1}}};

/// No disk of a gateway is larger, and a double still counts it exactly.
constexpr double largest_size = 1e15;

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || !(number >= 0)) return std::nullopt;
  const auto suffix = text.substr(static_cast<std::size_t>(stop - text.data()));
  for (const auto& unit : size_units) {
    const double bytes = number * static_cast<double>(unit.bytes);
    if (suffix == unit.suffix && bytes <= largest_size) return static_cast<std::uint64_t>(std::llround(bytes));
  }
  return std::nullopt;
}

std::string size_to_text(std::uint64_t bytes) {
  for (const auto& unit : size_units) {
    if (bytes % unit.bytes == 0 && bytes != 0) return fmt::format("{}{}", bytes / unit.bytes, unit.suffix);
  }
  return "0B";
}

Fields::Fields(Node mapping, Mistakes& mistakes) : mapping_{std::move(mapping)}, mistakes_{mistakes} {
  const bool usable = mapping_.kind() == Node::Kind::mapping || mapping_.kind() == Node::Kind::missing;
  if (!usable && !mapping_.reported())
    mistakes_.add(mapping_, "this is not a mapping (write `key: value`, one a line)");
}

bool Fields::has(std::string_view key) const {
  const auto kind = mapping_[key].kind();
  return kind != Node::Kind::missing && kind != Node::Kind::null;
}

Node Fields::take(std::string_view key, Need need) {
  known_.emplace(key);
  auto node = mapping_[key];
  if (has(key)) return node;
  if (need == Need::required && mapping_.kind() == Node::Kind::mapping) {
    if (node.kind() == Node::Kind::null) {
      mistakes_.add(node, "a value is missing");
    } else {
      mistakes_.add(mapping_, fmt::format("\"{}\" is missing", key));
    }
  }
  return {};
}

std::optional<std::string> Fields::scalar(std::string_view key, Need need) {
  const auto node = take(key, need);
  if (!node || node.reported()) return std::nullopt;
  if (node.kind() == Node::Kind::scalar) return node.scalar();
  mistakes_.add(node, "one value is wanted here, not a list or a mapping");
  return std::nullopt;
}

std::optional<double> Fields::real(std::string_view key, double lowest, double highest, Need need) {
  const auto text = scalar(key, need);
  if (!text) return std::nullopt;
  const auto value = parse<double>(*text);
  if (value && *value >= lowest && *value <= highest) return value;
  const auto* const what = value && !std::isnan(*value) ? "is out of range" : "is not a number";
  mistakes_.add(mapping_[key], fmt::format("\"{}\" {}{}", *text, what, bounds(lowest, highest)));
  return std::nullopt;
}

std::optional<long> Fields::whole(std::string_view key, long lowest, long highest, Need need) {
  const auto text = scalar(key, need);
  if (!text) return std::nullopt;
  const auto value = parse_whole(*text);
  if (value && *value >= lowest && *value <= highest) return value;
  const auto* const what = value ? "is out of range" : "is not a whole number";
  mistakes_.add(mapping_[key], fmt::format("\"{}\" {}{}", *text, what, bounds(lowest, highest)));
  return std::nullopt;
}

std::optional<Duration> Fields::span(std::string_view key, Duration lowest, Need need) {
  const auto text = scalar(key, need);
  if (!text) return std::nullopt;
  const auto value = parse_duration(*text);
  if (value && *value >= lowest) return value;
  mistakes_.add(mapping_[key], value ? fmt::format("\"{}\" is too short (at least {})", *text, fettle::to_text(lowest))
                                     : fmt::format("\"{}\" is not a duration (try 5s)", *text));
  return std::nullopt;
}

std::optional<std::string> Fields::level(std::string_view key, Need need) {
  auto text = scalar(key, need);
  if (!text) return std::nullopt;
  if (is_level(*text)) return text;
  mistakes_.add(mapping_[key],
                fmt::format("\"{}\" cannot be part of a topic (1 to {} of A-Z a-z 0-9 _ -)", *text, longest_level));
  return std::nullopt;
}

std::optional<std::size_t> Fields::word(std::string_view key, const std::vector<std::string_view>& words, Need need) {
  const auto text = scalar(key, need);
  if (!text) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  mistakes_.add(mapping_[key], fmt::format("\"{}\" is none of {}", *text, fmt::join(words, ", ")));
  return std::nullopt;
}

std::string Fields::text(std::string_view key) { return scalar(key, Need::required).value_or(""); }

std::string Fields::text(std::string_view key, std::string_view fallback) {
  return scalar(key, Need::optional).value_or(std::string{fallback});
}

std::string Fields::slug(std::string_view key) { return level(key, Need::required).value_or(""); }

std::string Fields::slug(std::string_view key, std::string_view fallback) {
  return level(key, Need::optional).value_or(std::string{fallback});
}

double Fields::number(std::string_view key, double lowest, double highest) {
  return real(key, lowest, highest, Need::required).value_or(lowest);
}

double Fields::number(std::string_view key, double lowest, double highest, double fallback) {
  return real(key, lowest, highest, Need::optional).value_or(fallback);
}

long Fields::integer(std::string_view key, long lowest, long highest) {
  return whole(key, lowest, highest, Need::required).value_or(lowest);
}

long Fields::integer(std::string_view key, long lowest, long highest, long fallback) {
  return whole(key, lowest, highest, Need::optional).value_or(fallback);
}

bool Fields::flag(std::string_view key, bool fallback) {
  const auto text = scalar(key, Need::optional);
  if (!text) return fallback;
  if (*text == "true" || *text == "false") return *text == "true";
  mistakes_.add(mapping_[key], fmt::format("\"{}\" is neither true nor false", *text));
  return fallback;
}

Duration Fields::duration(std::string_view key, Duration lowest) {
  return span(key, lowest, Need::required).value_or(lowest);
}

Duration Fields::duration(std::string_view key, Duration lowest, Duration fallback) {
  return span(key, lowest, Need::optional).value_or(fallback);
}

std::uint64_t Fields::size(std::string_view key, std::uint64_t lowest, std::uint64_t fallback) {
  const auto text = scalar(key, Need::optional);
  if (!text) return fallback;
  const auto value = parse_size(*text);
  if (value && *value >= lowest) return *value;
  mistakes_.add(mapping_[key], value ? fmt::format("\"{}\" is too small (at least {})", *text, size_to_text(lowest))
                                     : fmt::format("\"{}\" is not a size (try 64MB)", *text));
  return fallback;
}

Quantity Fields::quantity(std::string_view key) {
  const auto text = scalar(key, Need::required);
  if (!text) return Quantity::ratio;
  if (const auto found = quantity_named(*text)) return *found;
  std::vector<std::string> names;
  for (const auto& each : all_quantities()) names.emplace_back(each.name);
  mistakes_.add(mapping_[key], fmt::format("\"{}\" is not a quantity{}", *text, hint(*text, names, "known:")));
  return Quantity::ratio;
}

std::vector<std::string> Fields::texts(std::string_view key) {
  std::vector<std::string> result;
  for (const auto& item : list_or_empty(key)) {
    if (item.reported()) continue;
    if (item.kind() == Node::Kind::scalar) {
      result.push_back(item.scalar());
    } else {
      mistakes_.add(item, "one text is wanted here, not a list or a mapping");
    }
  }
  return result;
}

std::vector<Node> Fields::list(std::string_view key) {
  const auto node = take(key, Need::required);
  return node ? list_or_empty(key) : std::vector<Node>{};
}

std::vector<Node> Fields::list_or_empty(std::string_view key) {
  const auto node = take(key, Need::optional);
  if (node && node.kind() != Node::Kind::list && !node.reported()) {
    mistakes_.add(node, "this is not a list (write [a, b], or one `- ` a line)");
  }
  return node.items();
}

Node Fields::child(std::string_view key) { return take(key, Need::optional); }

Node Fields::required_child(std::string_view key) { return take(key, Need::required); }

void Fields::check_readable(std::string_view key) {
  const auto node = mapping_[key];
  const auto& file = node.scalar();
  if (file.empty() || std::ifstream{file}.good()) return;
  mistakes_.add(node, fmt::format("cannot read \"{}\"; check the path and that the agent's user may read it", file));
}

void Fields::finish() {
  for (const auto& [key, node] : mapping_.entries()) {
    if (known_.contains(key)) continue;
    std::vector<std::string> unused;
    for (const auto& name : known_) {
      if (!has(name)) unused.push_back(name);
    }
    mistakes_.add({node.key_mark(), mapping_.path(),
                   fmt::format("unknown key \"{}\"{}", key, hint(key, unused, "possible here:"))});
  }
}

}  // namespace fettle::settings
