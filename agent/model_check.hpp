#pragma once

#include "core/asset.hpp"
#include "health/equipment_model.hpp"
#include "settings/site.hpp"

#include <set>
#include <string>
#include <vector>

namespace fettle {

/// Checks what an equipment model says in other rooms' words: every formula compiles over the names it may use, and its detectors and
/// forecasters exist.
void check_model(const health::EquipmentModel& model, settings::Mistakes& mistakes);

/// The roles that a sound formula of a sound model needs, directly or through derived quantities.
std::set<Role> roles_needed(const health::EquipmentModel& model, const std::string& formula);

/// The modes that cannot be followed with the wired roles, each with what would activate it:
/// "bearing-wear: needs vibration, or bearing_temperature and ambient_temperature".
std::vector<std::string> modes_without_sensors(const health::EquipmentModel& model, const std::set<Role>& wired);

/// The model without what a site does not ask for: opportunities, unless it wants them. Its derived quantities stay, so that wanting them later
/// forgets nothing.
health::EquipmentModel wanted_of(health::EquipmentModel model, const settings::DetectionSettings& detection);

/// The roles that those modes lack, in the model's order.
std::vector<const health::RoleModel*> missing_sensors(const health::EquipmentModel& model, const std::set<Role>& wired);

}  // namespace fettle
