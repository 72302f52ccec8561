#include "settings/patch.hpp"

#include "settings/value.hpp"

#include <algorithm>

namespace fettle::settings {

Node patched(const Node& base, const Node& patch) {
  if (patch.kind() != Node::Kind::mapping) return patch;
  Node::Value merged;
  merged.kind = Node::Kind::mapping;
  const auto& outer = base.kind() == Node::Kind::mapping ? base : patch;
  merged.at = outer.mark();
  merged.key_at = outer.key_mark();
  merged.path = outer.path();
  if (base.kind() == Node::Kind::mapping) merged.entries = base.entries();
  for (const auto& [key, change] : patch.entries()) {
    const auto same_key = [&key = key](const auto& entry) { return entry.first == key; };
    const auto found = std::find_if(merged.entries.begin(), merged.entries.end(), same_key);
    if (change.kind() == Node::Kind::null) {
      if (found != merged.entries.end()) merged.entries.erase(found);
    } else if (found != merged.entries.end()) {
      found->second = patched(found->second, change);
    } else {
      merged.entries.emplace_back(key, patched(Node{}, change));
    }
  }
  return Node{std::make_shared<const Node::Value>(std::move(merged))};
}

}  // namespace fettle::settings
