#include "asset_check.hpp"

#include "cause_check.hpp"
#include "pipeline.hpp"

#include "settings/nearest.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string>

namespace fettle {
namespace {

using health::EquipmentModel;
using settings::AssetSettings;
using settings::Mistakes;
using settings::RoleWire;

using Names = std::vector<std::string>;

template <class T, class Name>
Names names_of(const std::vector<T>& things, Name name) {
  Names names;
  for (const auto& thing : things) names.push_back(name(thing));
  return names;
}

const auto own_name = [](const auto& each) { return each.name; };

bool is_disabled(const std::string& device, const Surroundings& around) {
  const auto all = around.root["devices"].items();
  return std::any_of(all.begin(), all.end(), [&device](const auto& entry) { return stands_for(entry, device); });
}

std::string with_unit(Quantity quantity) { return fmt::format("{} ({})", facts(quantity).name, facts(quantity).unit); }

/// The point that a wire leads to; null (and a mistake, unless the device has one itself) if it leads nowhere.
const acquisition::ProfilePoint* check_point(const RoleWire& wire, const Surroundings& around, Mistakes& mistakes) {
  const auto& devices = around.devices;
  const auto device = std::find_if(devices.begin(), devices.end(),
                                   [&wire](const auto& each) { return each.settings.key == wire.device; });
  if (device == devices.end()) {
    if (is_disabled(wire.device, around)) return nullptr;
    const auto names = names_of(devices, [](const auto& each) { return each.settings.key; });
    mistakes.add(wire.node, fmt::format("there is no device \"{}\"{}", wire.device,
                                        settings::hint(wire.device, names, "there are")));
    return nullptr;
  }
  const auto& profile = *device->profile;
  if (const auto index = profile.find(wire.point)) return &profile.points.at(*index);
  mistakes.add(wire.node, fmt::format("{} has no point \"{}\"{}", profile.name, wire.point,
                                      settings::hint(wire.point, names_of(profile.points, own_name), "it has")));
  return nullptr;
}

void check_wire(const RoleWire& wire, const EquipmentModel* model, const Surroundings& around, Mistakes& mistakes) {
  const auto* point = check_point(wire, around, mistakes);
  if (model == nullptr) return;
  const auto* role = model->role(wire.role);
  if (role == nullptr) {
    const auto hint = settings::hint(wire.role, names_of(model->roles, own_name), "it has");
    mistakes.add(
        {wire.node.key_mark(), wire.node.path(), fmt::format("{} has no role \"{}\"{}", model->name, wire.role, hint)});
  } else if (point != nullptr && point->quantity != role->quantity) {
    mistakes.add(wire.node, fmt::format("{}/{} is {}, but this role wants {}", wire.device, wire.point,
                                        with_unit(point->quantity), with_unit(role->quantity)));
  }
}

void check_required_roles(const AssetSettings& asset, const EquipmentModel& model, const Surroundings& around,
                          Mistakes& mistakes) {
  const auto points = asset.node["points"];
  for (const auto& role : model.roles) {
    if (!role.required) continue;
    const auto wire = std::find_if(asset.points.begin(), asset.points.end(),
                                   [&role](const auto& each) { return each.role == role.name; });
    if (wire == asset.points.end()) {
      mistakes.add(points ? points : asset.node,
                   fmt::format("the role \"{}\" is missing; {} needs it ({}, in {})", role.name, model.name, role.title,
                               facts(role.quantity).unit));
      continue;
    }
    const auto& devices = around.devices;
    const bool there = std::any_of(devices.begin(), devices.end(),
                                   [&wire](const auto& each) { return each.settings.key == wire->device; });
    if (!there && is_disabled(wire->device, around)) {
      mistakes.add(wire->node,
                   fmt::format("the device \"{}\" cannot be used because of its own mistakes", wire->device));
    }
  }
}

void check_names(const AssetSettings& asset, const EquipmentModel& model, Mistakes& mistakes) {
  const auto parameters = names_of(model.parameters, own_name);
  for (const auto& [name, node] : asset.node["parameters"].entries()) {
    if (std::find(parameters.begin(), parameters.end(), name) != parameters.end()) continue;
    mistakes.add(
        {node.key_mark(), node.path(),
         fmt::format("{} has no parameter \"{}\"{}", model.name, name, settings::hint(name, parameters, "it has"))});
  }
  auto modes = names_of(model.modes, own_name);
  for (const auto mode : {PipelineParts::Watch::mode, PipelineParts::SensorWatch::mode}) modes.emplace_back(mode);
  for (const auto& node : asset.node["disabled_modes"].items()) {
    if (std::find(modes.begin(), modes.end(), node.scalar()) != modes.end()) continue;
    mistakes.add(node, fmt::format("{} has no failure mode \"{}\"{}", model.name, node.scalar(),
                                   settings::hint(node.scalar(), modes, "it has")));
  }
}

}  // namespace

void check_asset(const AssetSettings& asset, const EquipmentModel* model, const Surroundings& around,
                 Mistakes& mistakes) {
  check_feeders(asset, around.root, mistakes);
  for (const auto& wire : asset.points) check_wire(wire, model, around, mistakes);
  if (model == nullptr) return;
  check_required_roles(asset, *model, around, mistakes);
  check_names(asset, *model, mistakes);
}

}  // namespace fettle
