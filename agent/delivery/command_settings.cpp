#include "delivery/command_settings.hpp"

#include "delivery/command.hpp"
#include "settings/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <optional>
#include <string_view>

namespace fettle::delivery {
namespace {

using settings::Fields;
using settings::Mistakes;
using settings::Node;

constexpr std::size_t most_keys = 8;  ///< each is tried on a signature; two are enough to change them
constexpr long most_a_minute = 600;

using Operations = std::set<std::string, std::less<>>;

/// What anybody may ask for who is not told otherwise.
Operations unsigned_operations() {
  Operations result;
  for (const auto& each : contract_operations()) {
    if (each.tier != Tier::maintenance) result.emplace(each.name);
  }
  return result;
}

std::optional<Operation> operation_named(std::string_view name) {
  const auto all = contract_operations();
  const auto found = std::find_if(all.begin(), all.end(), [name](const Operation& each) { return each.name == name; });
  return found == all.end() ? std::nullopt : std::optional{*found};
}

std::string known_operations() {
  std::vector<std::string_view> names;
  for (const auto& each : contract_operations()) names.push_back(each.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

/// The scalars of a list; anything else in it was reported when the list was read.
std::vector<Node> entries(Fields& fields, std::string_view key) {
  static_cast<void>(fields.texts(key));
  auto nodes = fields.child(key).items();
  std::erase_if(nodes, [](const Node& each) { return each.kind() != Node::Kind::scalar || each.reported(); });
  return nodes;
}

Operations read_operations(Fields& fields, bool has_keys) {
  if (!fields.has("operations")) {
    fields.child("operations");
    return unsigned_operations();
  }
  Operations result;
  for (const auto& node : entries(fields, "operations")) {
    const auto operation = operation_named(node.scalar());
    if (!operation) {
      fields.mistakes().add(node, fmt::format("\"{}\" is none of {}", node.scalar(), known_operations()));
    } else if (operation->tier == Tier::maintenance && !has_keys) {
      fields.mistakes().add(
          node, fmt::format("\"{}\" must be signed; name the public key of the requester in keys", node.scalar()));
    }
    result.insert(node.scalar());
  }
  return result;
}

std::vector<PublicKey> read_keys(Fields& fields) {
  std::vector<PublicKey> keys;
  for (const auto& node : entries(fields, "keys")) {
    auto key = PublicKey::from_file(node.scalar());
    if (key) {
      keys.push_back(std::move(*key));
    } else {
      fields.mistakes().add(node, fmt::format("\"{}\" {}", node.scalar(), key.error().detail));
    }
  }
  if (keys.size() > most_keys) {
    fields.mistakes().add(fields.child("keys"),
                          fmt::format("has more than {} keys; remove those of the past", most_keys));
  }
  return keys;
}

Requester read_requester(const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  Requester requester;
  requester.name = fields.slug("name");
  requester.keys = read_keys(fields);
  requester.operations = read_operations(fields, fields.has("keys"));
  fields.finish();
  return requester;
}

}  // namespace

CommandSettings read_commands(const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  CommandSettings commands;
  commands.anybody = fields.flag("anybody", true);
  commands.rate_per_minute = static_cast<int>(fields.integer("rate", 1, most_a_minute, commands.rate_per_minute));
  for (const auto& each : fields.list_or_empty("requesters")) {
    auto requester = read_requester(each, mistakes);
    const auto name = requester.name;
    if (!commands.requesters.emplace(name, std::move(requester)).second && !name.empty()) {
      mistakes.add(each["name"], fmt::format("\"{}\" is listed already; put all it may do into one entry", name));
    }
  }
  if (!commands.anybody && commands.requesters.empty()) {
    mistakes.add(fields.child("anybody"), "nobody could send a command; list the requesters, or leave anybody out");
  }
  fields.finish();
  return commands;
}

}  // namespace fettle::delivery
