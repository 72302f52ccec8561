#include "cause_wiring.hpp"

#include "model_check.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace fettle {
namespace {

bool is_circumstance(const health::RoleModel& role) {
  return role.quantity == Quantity::state || role.quantity == Quantity::ratio ||
         role.brick.starts_with("brick:Outside_Air") || role.brick.ends_with("Setpoint");
}

std::vector<PointId> wired(const InstalledAsset& asset, const std::set<Role>& roles) {
  std::vector<PointId> points;
  for (const auto& role : roles) {
    if (const auto point = asset.roles.find(role); point != asset.roles.end()) points.push_back(point->second);
  }
  std::sort(points.begin(), points.end());
  return points;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The cases of the assets, with what the site and the models say of them.
class CauseWiring {
 public:
  CauseWiring(const Installation& installation, PipelineParts& parts) : installation_{installation}, parts_{parts} {}

  void wire() {
    for (std::size_t place = 0; place < parts_.cases.size(); ++place) {
      const auto* const mode = model_of(place);
      if (mode == nullptr) continue;
      advisory::Relations relations;
      for (std::size_t other = 0; other < parts_.cases.size(); ++other) {
        if (other == place) continue;
        if (is_offer(place, other)) relations.offers.push_back(parts_.cases[other].get());
        if (is_cause(place, *mode, other)) {
          relations.causes.push_back(parts_.cases[other].get());
        } else if (is_rival(place, other)) {
          relations.rivals.push_back(parts_.cases[other].get());
        }
      }
      add_sensor_fault(place, relations);
      parts_.cases[place]->relate(std::move(relations));
    }
  }

 private:
  const InstalledAsset& asset_of(std::size_t place) const {
    return installation_.assets.at(parts_.modes[place].asset.index);
  }

  /// Null for what looks at a machine or its sensors as a whole.
  const health::ModeModel* model_of(std::size_t place) const {
    const auto& model = asset_of(place).model;
    if (!model) return nullptr;
    const auto& modes = installation_.models.at(*model).modes;
    const auto found = std::find_if(modes.begin(), modes.end(),
                                    [&](const auto& each) { return each.name == parts_.modes[place].mode; });
    return found == modes.end() ? nullptr : &*found;
  }

  bool is_cause(std::size_t place, const health::ModeModel& mode, std::size_t other) const {
    if (parts_.modes[place].asset == parts_.modes[other].asset)
      return contains(mode.explained_by, parts_.modes[other].mode);
    return mode.needs_supply && contains(feeders_of(place), asset_of(other).asset.key) && model_of(other) != nullptr;
  }

  const std::vector<std::string>& feeders_of(std::size_t place) const {
    static const std::vector<std::string> none;
    const auto* const settings = installation_.settings_of(asset_of(place).asset);
    return settings == nullptr ? none : settings->fed_by;
  }

  /// Whether they share a sensor is seen when they speak.
  bool is_rival(std::size_t place, std::size_t other) const {
    if (parts_.modes[place].asset != parts_.modes[other].asset) return false;
    const auto* const mode = model_of(other);
    return mode != nullptr && mode->severity != Severity::warning;
  }

  bool is_offer(std::size_t place, std::size_t other) const {
    const auto& modes = parts_.modes;
    return modes[place].asset == modes[other].asset && kind_of(place) == AlertKind::service &&
           kind_of(other) == AlertKind::service;
  }

  AlertKind kind_of(std::size_t place) const { return parts_.cases[place]->episode().facts().kind; }

  void add_sensor_fault(std::size_t place, advisory::Relations& relations) {
    for (const auto& each : parts_.sensor_watches) {
      if (parts_.modes[each.mode_case].asset != parts_.modes[place].asset) continue;
      relations.sensor_fault = parts_.cases[each.mode_case].get();
      relations.is_unfit = [watch = each.watch.get(), points = each.points](PointId point) {
        const auto found = std::find(points.begin(), points.end(), point);
        return found != points.end() && watch->is_unfit(static_cast<std::size_t>(found - points.begin()));
      };
    }
  }

  const Installation& installation_;
  PipelineParts& parts_;
};

}  // namespace

std::vector<PointId> inputs_of(const InstalledAsset& asset, const health::EquipmentModel& model,
                               const std::string& formula) {
  return wired(asset, roles_needed(model, formula));
}

std::vector<PointId> sensors_of(const InstalledAsset& asset, const health::EquipmentModel& model,
                                const std::string& formula) {
  auto roles = roles_needed(model, formula);
  const auto running = model.running ? roles_needed(model, model.running->text) : std::set<Role>{};
  std::erase_if(roles, [&](const Role& role) { return running.contains(role) || is_circumstance(*model.role(role)); });
  return wired(asset, roles);
}

void wire_causes(const Installation& installation, PipelineParts& parts) { CauseWiring{installation, parts}.wire(); }

}  // namespace fettle
