#include "installation.hpp"

#include "acquisition/driver.hpp"
#include "asset_check.hpp"
#include "core/state.hpp"
#include "delivery/broker_settings.hpp"
#include "delivery/command_settings.hpp"
#include "library.hpp"
#include "local_time.hpp"
#include "model_check.hpp"
#include "point_order.hpp"
#include "settings/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <memory>
#include <set>

namespace fettle {
namespace {

using settings::Mistakes;
using settings::Node;
using Profile = acquisition::DeviceProfile;
using Model = health::EquipmentModel;

void keep(const Mistakes& from, Mistakes& into) {
  for (const auto& mistake : from.all()) into.add(mistake);
}

template <class T>
std::uint64_t fingerprint_of(const Library<T>& library, std::uint64_t seed) {
  for (const auto& [name, volume] : library.volumes()) seed = fettle::fingerprint_of(volume.root, seed);
  return seed;
}

std::string not_found(std::string_view what, const std::string& name, const Catalogue& catalogue) {
  const auto meant = settings::nearest(name, catalogue.names());
  return fmt::format("there is no {} \"{}\" ({}looked in {})", what, name,
                     meant ? fmt::format("did you mean \"{}\"? ", *meant) : "", fmt::join(catalogue.folders(), ", "));
}

/// Joins a site file with its profiles and models.
class Loader {
 public:
  Loader(Node root, settings::Site site, Mistakes mistakes)
      : mistakes_{std::move(mistakes)},
        root_{std::move(root)},
        profiles_{Catalogue{"devices", site.devices_folder}, read_profile_file},
        models_{Catalogue{"equipment", site.equipment_folder}, read_model_file} {
    loaded_.site = std::move(site);
  }

  Installation load() {
    if (loaded_.site.broker) delivery::read_broker(loaded_.site.broker, mistakes_, loaded_.site.gateway.id);
    if (loaded_.site.commands) delivery::read_commands(loaded_.site.commands, mistakes_);
    read_telemetry();
    make_lines();
    for (const auto& device : loaded_.site.devices) install(device);
    place_gateway_and_buses();
    for (const auto& asset : loaded_.site.assets) install(asset);
    give_points_to_the_rest();
    order_points(loaded_);
    keep(loaded_.site.confined, loaded_.confined);
    loaded_.confined.sort();
    if (!mistakes_.empty()) {
      keep(loaded_.confined, mistakes_);
      mistakes_.sort();
      throw settings::SettingsError{mistakes_};
    }
    loaded_.root = root_;
    loaded_.zone = find_zone(loaded_.site.location.tz);
    loaded_.missing = loaded_.site.root["devices"].items().size() - loaded_.devices.size() + missing_assets();
    loaded_.fingerprint =
        fingerprint_of(models_, fingerprint_of(profiles_, fettle::fingerprint_of(root_, hash_of("fettle"))));
    return std::move(loaded_);
  }

 private:
  /// Alerts are worth more than telemetry: a mistake in it leaves out only that.
  void read_telemetry() {
    const auto& node = loaded_.site.telemetry;
    if (!node) return;
    Mistakes own;
    std::vector<std::string> names;
    for (const auto& device : loaded_.site.root["devices"].items()) names.push_back(device["id"].scalar());
    auto telemetry = delivery::read_telemetry(node, names, own);
    if (!loaded_.site.broker) own.add(node, "is of no use without a broker");
    if (own.empty()) loaded_.telemetry = std::move(telemetry);
    keep(own, loaded_.confined);
  }

  void make_lines() {
    const auto& drivers = Registry<acquisition::Line>::instance();
    for (const auto& bus : loaded_.site.buses) {
      if (const auto* driver = drivers.find(bus.driver)) {
        lines_.emplace(bus.key, driver->make(bus.node, mistakes_));
      } else if (!bus.driver.empty()) {
        std::vector<std::string> names;
        for (const auto& entry : drivers.entries()) names.push_back(entry.first);
        mistakes_.add(bus.node["driver"], fmt::format("there is no driver \"{}\"{}", bus.driver,
                                                      settings::hint(bus.driver, names, "there are")));
      }
    }
  }

  acquisition::SharedProfile profile_of(const settings::DeviceSettings& device, Mistakes& mistakes) {
    if (device.inline_profile) {
      auto profile = acquisition::read_device_profile(device.inline_profile, mistakes);
      profile.name = device.key;
      return share(std::move(profile));
    }
    if (const auto* volume = profiles_.find(device.profile)) {
      keep(volume->mistakes, mistakes);
      auto& shared = shared_[device.profile];
      return shared ? shared : shared = share(volume->content);
    }
    mistakes.add(device.node["profile"], not_found("device profile", device.profile, profiles_.catalogue()));
    return share({});
  }

  acquisition::SharedProfile share(Profile profile) {
    return loaded_.profiles.emplace_back(std::make_shared<Profile>(std::move(profile)));
  }

  void install(const settings::DeviceSettings& device) {
    Mistakes own;
    const auto profile = profile_of(device, own);
    const auto line = lines_.find(device.bus);
    std::vector<std::string> sources(profile->points.size());
    if (line != lines_.end()) {
      const auto driver = line->second->attach(profile, device.node, own);
      for (std::size_t i = 0; own.empty() && i < sources.size(); ++i) sources[i] = driver->source(i);
    } else {
      refuse_unknown_bus(device, own);
    }
    keep(own, loaded_.confined);
    if (!own.empty()) return;
    const auto* volume = device.inline_profile ? nullptr : profiles_.find(device.profile);
    const auto seed = volume == nullptr ? hash_of("inline") : fettle::fingerprint_of(volume->root, hash_of("profile"));
    loaded_.devices.push_back({device, profile, std::vector<Wiring>{}, fettle::fingerprint_of(device.node, seed)});
    sources_.push_back(std::move(sources));
  }

  void refuse_unknown_bus(const settings::DeviceSettings& device, Mistakes& mistakes) const {
    std::vector<std::string> names;
    for (const auto& bus : loaded_.site.buses) {
      if (!bus.key.empty()) names.push_back(bus.key);
    }
    // A bus that is there, but without a driver, has been reported itself.
    if (std::find(names.begin(), names.end(), device.bus) != names.end()) return;
    mistakes.add(device.node["bus"],
                 fmt::format("there is no bus \"{}\"{}", device.bus, settings::hint(device.bus, names, "there are")));
  }

  void place_gateway_and_buses() {
    const auto& site = loaded_.site;
    const auto place = [this, &site](const std::string& key, std::string name, std::string brick) {
      Asset asset;
      asset.id = next_asset();
      asset.key = key;
      asset.ref = fmt::format("{}_{}", site.gateway.id, key);
      asset.name = std::move(name);
      asset.brick = std::move(brick);
      asset.location = site.location;
      loaded_.assets.push_back({std::move(asset), {}, {}, {}, {}, {}});
    };
    place(site.gateway.id, "Gateway " + site.gateway.id, "brick:Gateway");
    for (const auto& bus : site.buses) place(bus.key, "Bus " + bus.key, "brick:ICT_Equipment");
  }

  void install(const settings::AssetSettings& settings) {
    Mistakes own;
    const auto* model = model_of(settings, own);
    check_asset(settings, model, {loaded_.site.root, loaded_.devices}, own);
    keep(own, loaded_.confined);
    if (!own.empty()) return;
    InstalledAsset installed{settings.asset, {}, {}, {}, {}, {}};
    installed.asset.id = next_asset();
    if (model != nullptr) apply(*model, settings, installed);
    for (const auto& wire : settings.points) connect(wire, installed);
    if (model != nullptr)
      installed.inactive_modes = inactive_modes(loaded_.models[*installed.model], settings, installed);
    loaded_.assets.push_back(std::move(installed));
  }

  /// Null for a bare asset, and if there is no such model or no sound one.
  const Model* model_of(const settings::AssetSettings& settings, Mistakes& mistakes) {
    if (settings.model.empty()) return nullptr;
    const auto* volume = models_.find(settings.model);
    if (volume == nullptr) {
      mistakes.add(settings.node["model"], not_found("equipment model", settings.model, models_.catalogue()));
      return nullptr;
    }
    keep(volume->mistakes, mistakes);
    return volume->mistakes.empty() ? &volume->content : nullptr;
  }

  void apply(const Model& model, const settings::AssetSettings& settings, InstalledAsset& installed) {
    auto& models = loaded_.models;
    const auto known =
        std::find_if(models.begin(), models.end(), [&model](const Model& each) { return each.name == model.name; });
    installed.model = static_cast<std::size_t>(known - models.begin());
    if (known == models.end()) models.push_back(wanted_of(model, loaded_.site.detection));
    if (installed.asset.brick.empty()) installed.asset.brick = model.brick;
    installed.parameters = settings.parameters;
    for (const auto& parameter : model.parameters) installed.parameters.emplace(parameter.name, parameter.value);
  }

  void connect(const settings::RoleWire& wire, InstalledAsset& installed) {
    const auto device = std::find_if(loaded_.devices.begin(), loaded_.devices.end(),
                                     [&wire](const auto& each) { return each.settings.key == wire.device; });
    if (device == loaded_.devices.end()) return;
    const auto index = *device->profile->find(wire.point);
    const auto& source = sources_.at(static_cast<std::size_t>(device - loaded_.devices.begin())).at(index);
    auto& point = add_point(*device, index);
    point.asset = installed.asset.id;
    point.role = wire.role;
    installed.roles.emplace(wire.role, point.id);
    installed.sources.emplace(wire.role, fmt::format("{}/{} {}", wire.device, wire.point, source));
    installed.asset.points.push_back(point.id);
  }

  static std::vector<std::string> inactive_modes(const Model& model, const settings::AssetSettings& settings,
                                                 const InstalledAsset& installed) {
    std::set<Role> wired;
    for (const auto& role : installed.roles) wired.insert(role.first);
    auto modes = modes_without_sensors(model, wired);
    for (const auto& mode : settings.disabled_modes) {
      std::erase_if(modes, [&mode](const std::string& text) { return text.starts_with(mode + ":"); });
      modes.push_back(mode + ": disabled in the site file");
    }
    return modes;
  }

  Point& add_point(InstalledDevice& device, std::size_t index) {
    const PointId id{static_cast<std::uint32_t>(loaded_.points.size())};
    device.wiring.push_back({static_cast<std::uint32_t>(index), id});
    return loaded_.points.emplace_back(
        Point{id, {}, {}, device.profile->points.at(index).quantity, device.settings.every});
  }

  void give_points_to_the_rest() {
    for (auto& device : loaded_.devices) {
      std::set<std::size_t> used;
      for (const auto& wiring : device.wiring) used.insert(wiring.profile_point);
      for (std::size_t i = 0; i < device.profile->points.size(); ++i) {
        if (!used.contains(i)) add_point(device, i);
      }
    }
  }

  std::size_t missing_assets() const {
    const auto others = 1 + loaded_.site.buses.size();  // the gateway and the buses are assets as well
    return loaded_.site.root["assets"].items().size() - (loaded_.assets.size() - others);
  }

  AssetId next_asset() const { return {static_cast<std::uint32_t>(loaded_.assets.size())}; }

  Mistakes mistakes_;
  Node root_;
  Installation loaded_;
  std::map<std::string, std::unique_ptr<acquisition::Line>> lines_;
  std::vector<std::vector<std::string>> sources_;             ///< of each installed device's profile points
  std::map<std::string, acquisition::SharedProfile> shared_;  ///< by the name of their file
  Library<Profile> profiles_;
  Library<Model> models_;
};

}  // namespace

std::uint64_t fingerprint_of(const Node& node, std::uint64_t seed) {
  auto hash = hash_of(fmt::format("{}:{}", static_cast<int>(node.kind()), node.scalar()), seed);
  for (const auto& item : node.items()) hash = fingerprint_of(item, hash);
  for (const auto& [key, value] : node.entries()) hash = fingerprint_of(value, hash_of(key, hash));
  return hash;
}

std::string Installation::fingerprint_text() const { return fmt::format("{:08x}", fingerprint & 0xFFFFFFFFU); }

Installation load_installation(Node root, settings::Site site, Mistakes mistakes) {
  return Loader{std::move(root), std::move(site), std::move(mistakes)}.load();
}

const settings::AssetSettings* Installation::settings_of(const Asset& asset) const {
  const auto found = std::find_if(site.assets.begin(), site.assets.end(),
                                  [&asset](const auto& each) { return each.asset.key == asset.key; });
  return found == site.assets.end() ? nullptr : &*found;
}

bool Installation::is_disabled(const Asset& asset, std::string_view mode) const {
  const auto* const settings = settings_of(asset);
  if (settings == nullptr) return false;
  const auto& disabled = settings->disabled_modes;
  return std::find(disabled.begin(), disabled.end(), mode) != disabled.end();
}

}  // namespace fettle
