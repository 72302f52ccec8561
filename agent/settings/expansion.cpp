#include "settings/expansion.hpp"

#include "settings/nearest.hpp"
#include "settings/repetition.hpp"
#include "settings/value.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fettle::settings {
namespace {

constexpr std::string_view repetition_key = "for", defaults_key = "defaults";
constexpr std::size_t most_values = 200'000;  ///< that differ from entry to entry, in the whole file

/// A value like another one, for whoever changes something about it.
Node::Value copy_of(const Node& node) {
  Node::Value value;
  value.kind = node.kind();
  value.at = node.mark();
  value.key_at = node.key_mark();
  value.path = node.path();
  value.scalar = node.scalar();
  value.items = node.items();
  value.entries = node.entries();
  return value;
}

Node made(Node::Value value) { return Node{std::make_shared<const Node::Value>(std::move(value))}; }

Node without(const Node& mapping, std::string_view key) {
  auto value = copy_of(mapping);
  std::erase_if(value.entries, [key](const auto& entry) { return entry.first == key; });
  return made(std::move(value));
}

Node with(const Node& mapping, const std::string& key, Node content) {
  auto value = copy_of(mapping);
  for (auto& entry : value.entries) {
    if (entry.first == key) entry.second = content;
  }
  return made(std::move(value));
}

/// One entry that stands for several.
class Template {
 public:
  Template(const Node& entry, Mistakes& mistakes)
      : body_{without(entry, repetition_key)}, rows_{read_repetitions(entry[repetition_key], mistakes)} {
    if (rows_.empty()) return;
    const auto known = mistakes.size();
    check(body_, mistakes);
    const auto id = body_["id"];
    if (rows_.size() > 1 && id.kind() == Node::Kind::scalar && !id.reported() && !is_pattern(id.scalar()))
      mistakes.add(id, fmt::format("all {} would have this id (write a variable into it, such as {}_{{{}}})",
                                   rows_.size(), id.scalar(), rows_.front().begin()->first));
    if (mistakes.size() > known) rows_.clear();
  }

  bool is_usable() const { return !rows_.empty(); }

  /// The entries, as long as there are `values` left to be made.
  std::vector<Node> entries(std::size_t& values) const {
    std::vector<Node> all;
    for (const auto& row : rows_) {
      const auto id = fill(read_pattern(body_["id"].scalar()), row);
      auto entry = filled(body_, row, id.empty() ? body_.path() : fmt::format("{} ({})", body_.path(), id), values);
      if (values == 0) return {};
      all.push_back(std::move(entry));
    }
    return all;
  }

 private:
  void check(const Node& node, Mistakes& mistakes) const {
    if (is_bare_variable(node)) {
      mistakes.add(node, fmt::format("a variable needs quotes (write \"{{{}}}\")", node.entries().front().first));
      return;
    }
    for (const auto& item : node.items()) check(item, mistakes);
    for (const auto& entry : node.entries()) check(entry.second, mistakes);
    if (node.kind() == Node::Kind::scalar && !node.reported()) check_text(node, mistakes);
  }

  /// `unit: {n}` is a mapping for YAML.
  bool is_bare_variable(const Node& node) const {
    const auto& entries = node.entries();
    return entries.size() == 1 && entries.front().second.kind() == Node::Kind::null &&
           rows_.front().contains(entries.front().first);
  }

  void check_text(const Node& node, Mistakes& mistakes) const {
    const auto pattern = read_pattern(node.scalar());
    const auto refuse = [&](std::size_t position, std::string why) {
      mistakes.add({node.place(position), node.path(), std::move(why)});
    };
    if (!pattern.mistake.empty()) return refuse(pattern.position, pattern.mistake);
    for (const auto& piece : pattern.pieces) {
      if (piece.variable.empty()) continue;
      if (!rows_.front().contains(piece.variable)) {
        std::vector<std::string> names;
        for (const auto& each : rows_.front()) names.push_back(each.first);
        refuse(piece.position,
               fmt::format("`for` has no variable \"{}\"{}", piece.variable, hint(piece.variable, names, "it has")));
      } else if (const auto bad = no_number(piece)) {
        refuse(piece.position, fmt::format("\"{}\" is no number that could be filled up with zeros", *bad));
      }
    }
  }

  std::optional<std::string> no_number(const Pattern::Piece& piece) const {
    if (piece.width == 0) return std::nullopt;
    const auto bad = std::find_if(rows_.begin(), rows_.end(), [&piece](const Variables& row) {
      return !is_natural_number(row.find(piece.variable)->second);
    });
    return bad == rows_.end() ? std::nullopt : std::optional{bad->find(piece.variable)->second};
  }

  /// `node` for one row. What does not differ from row to row is shared by all, and keeps its name as well: a mistake in it is one mistake.
  Node filled(const Node& node, const Variables& row, const std::string& name, std::size_t& values) const {
    if (&node != &body_ && !varies(node)) return node;
    if (values == 0) return {};
    --values;
    auto value = copy_of(node);
    if (value.path.starts_with(body_.path())) value.path.replace(0, body_.path().size(), name);
    if (value.kind == Node::Kind::scalar) {
      if (node.written() != node.scalar()) value.written = node.written();
      value.scalar = fill(read_pattern(node.scalar()), row);
    }
    for (auto& item : value.items) item = filled(item, row, name, values);
    for (auto& entry : value.entries) entry.second = filled(entry.second, row, name, values);
    return made(std::move(value));
  }

  static bool varies(const Node& node) {
    if (node.kind() == Node::Kind::scalar) return !node.reported() && is_pattern(node.scalar());
    return std::any_of(node.items().begin(), node.items().end(), varies) ||
           std::any_of(node.entries().begin(), node.entries().end(),
                       [](const auto& entry) { return varies(entry.second); });
  }

  Node body_;
  std::vector<Variables> rows_;
};

/// The same file with one of its lists written out.
Node with_repetitions(const Node& root, const std::string& section, Mistakes& mistakes, std::size_t& values) {
  const auto list = root[section];
  const auto& items = list.items();
  if (std::none_of(items.begin(), items.end(),
                   [](const Node& item) { return static_cast<bool>(item[repetition_key]); }))
    return root;
  auto longer = copy_of(list);
  longer.items.clear();
  for (const auto& item : items) {
    const auto repetition = item[repetition_key];
    const auto pattern = repetition ? std::optional<Template>{std::in_place, item, mistakes} : std::nullopt;
    if (!pattern || !pattern->is_usable()) {
      longer.items.push_back(item);
      continue;
    }
    auto entries = pattern->entries(values);
    if (values == 0) {
      mistakes.add(repetition, fmt::format("these are more than {} values", most_values));
      return root;
    }
    std::move(entries.begin(), entries.end(), std::back_inserter(longer.items));
  }
  return with(root, section, made(std::move(longer)));
}

/// The defaults for a bus's devices; missing if there are none.
Node defaults_of(const Node& bus, Mistakes& mistakes) {
  constexpr std::array<std::string_view, 4> of_each_alone{"id", "bus", repetition_key, defaults_key};
  auto defaults = bus[defaults_key];
  if (!defaults || defaults.kind() == Node::Kind::null || defaults.reported()) return {};
  if (defaults.kind() != Node::Kind::mapping) {
    mistakes.add(defaults, "this is not a mapping (write what the devices of this bus have in common)");
    return {};
  }
  for (const auto& [key, node] : defaults.entries()) {
    if (std::find(of_each_alone.begin(), of_each_alone.end(), key) == of_each_alone.end()) continue;
    mistakes.add({node.key_mark(), defaults.path(), fmt::format("\"{}\" cannot be the same for all devices", key)});
  }
  return defaults;
}

Node with_defaults(const Node& device, const std::map<std::string, Node, std::less<>>& defaults) {
  const auto found = defaults.find(device["bus"].scalar());
  if (found == defaults.end() || device.kind() != Node::Kind::mapping) return device;
  auto value = copy_of(device);
  for (const auto& entry : found->second.entries()) {
    if (!device[entry.first]) value.entries.push_back(entry);
  }
  return made(std::move(value));
}

Node with_bus_defaults(const Node& root, Mistakes& mistakes) {
  const auto written = root["buses"].items();
  if (std::none_of(written.begin(), written.end(),
                   [](const Node& bus) { return static_cast<bool>(bus[defaults_key]); }))
    return root;
  std::map<std::string, Node, std::less<>> defaults;
  auto buses = copy_of(root["buses"]);
  for (auto& bus : buses.items) {
    if (!bus[defaults_key]) continue;
    if (auto found = defaults_of(bus, mistakes)) defaults.emplace(bus["id"].scalar(), std::move(found));
    bus = without(bus, defaults_key);
  }
  const auto result = with(root, "buses", made(std::move(buses)));
  if (root["devices"].items().empty()) return result;
  auto devices = copy_of(root["devices"]);
  for (auto& device : devices.items) device = with_defaults(device, defaults);
  return with(result, "devices", made(std::move(devices)));
}

}  // namespace

Node written_out(const Node& root, const ExpansionMistakes& mistakes) {
  auto values = most_values;
  auto result = with_repetitions(root, "buses", mistakes.whole, values);
  result = with_repetitions(result, "devices", mistakes.confined, values);
  result = with_repetitions(result, "assets", mistakes.confined, values);
  return with_bus_defaults(result, mistakes.whole);
}

}  // namespace fettle::settings
