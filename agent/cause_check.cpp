#include "cause_check.hpp"

#include "settings/nearest.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace fettle {
namespace {

using health::EquipmentModel;
using settings::Mistakes;

using Names = std::vector<std::string>;

/// The modes that explain one of a model, directly or through others.
std::set<std::string> causes_of(const EquipmentModel& model, const std::string& mode) {
  std::set<std::string> causes;
  std::vector<std::string> open{mode};
  while (!open.empty()) {
    const auto name = std::exchange(open.back(), {});
    open.pop_back();
    for (const auto& each : model.modes) {
      if (each.name != name) continue;
      for (const auto& cause : each.explained_by) {
        if (causes.insert(cause).second) open.push_back(cause);
      }
    }
  }
  return causes;
}

/// A mode is explained by others of its class, and never by what it explains itself.
void check_causes_of(const EquipmentModel& model, std::size_t place, Mistakes& mistakes) {
  const auto& mode = model.modes[place];
  const auto nodes = model.node["modes"].items().at(place)["explained_by"].items();
  Names others;
  for (const auto& each : model.modes) {
    if (each.name != mode.name) others.push_back(each.name);
  }
  for (const auto& node : nodes) {
    const auto& cause = node.scalar();
    if (std::find(others.begin(), others.end(), cause) == others.end()) {
      mistakes.add(node, fmt::format("{} has no other mode \"{}\"{}", model.name, cause,
                                     settings::hint(cause, others, "there are")));
    } else if (causes_of(model, cause).contains(mode.name)) {
      mistakes.add(node, fmt::format("\"{}\" is explained by \"{}\" itself; only one of both can be the cause", cause,
                                     mode.name));
    }
  }
}

}  // namespace

void check_causes(const EquipmentModel& model, Mistakes& mistakes) {
  for (std::size_t place = 0; place < model.modes.size(); ++place) check_causes_of(model, place, mistakes);
}

bool stands_for(const settings::Node& entry, const std::string& wanted) {
  const auto id = entry["id"].scalar();
  return entry["for"] ? wanted.starts_with(id.substr(0, id.find('{'))) : wanted == id;
}

void check_feeders(const settings::AssetSettings& asset, const settings::Node& root, Mistakes& mistakes) {
  const auto all = root["assets"].items();
  Names others;
  for (const auto& entry : all) {
    if (entry["id"].scalar() != asset.asset.key) others.push_back(entry["id"].scalar());
  }
  for (const auto& node : asset.node["fed_by"].items()) {
    const auto& wanted = node.scalar();
    const bool known = wanted != asset.asset.key && std::any_of(all.begin(), all.end(), [&wanted](const auto& entry) {
                         return stands_for(entry, wanted);
                       });
    if (!known)
      mistakes.add(
          node, fmt::format("there is no other machine \"{}\"{}", wanted, settings::hint(wanted, others, "there are")));
  }
}

}  // namespace fettle
