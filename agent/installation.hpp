#pragma once

#include "acquisition/profile.hpp"
#include "core/asset.hpp"
#include "core/zone.hpp"
#include "delivery/telemetry_settings.hpp"
#include "health/equipment_model.hpp"
#include "settings/site.hpp"
#include "site_patches.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// Where a value of a device goes: one entry of its profile, feeding one point. A device point that no asset uses has a point of its own.
struct Wiring {
  std::uint32_t profile_point = 0;
  PointId point;
};

/// A device that will be polled.
struct InstalledDevice {
  settings::DeviceSettings settings;
  acquisition::SharedProfile profile = std::make_shared<const acquisition::DeviceProfile>();
  std::vector<Wiring> wiring;     ///< in the profile's order; a profile point may feed several points
  std::uint64_t fingerprint = 0;  ///< of its settings and its profile
};

/// A machine whose condition will be followed.
struct InstalledAsset {
  Asset asset;
  std::optional<std::size_t> model;          ///< into Installation::models; none for a bare asset
  std::map<Role, PointId> roles;             ///< the wired ones
  std::map<Role, std::string> sources;       ///< where they come from: "ahu_1_io/filter_dp modbus:1:30021"
  std::map<std::string, double> parameters;  ///< of the model, with the site's overrides
  std::vector<std::string>
      inactive_modes;  ///< "bearing-wear: needs vibration, or bearing_temperature and ambient_temperature"
};

/// A site file with its profiles and models, cross-checked and resolved to the core's words. Nothing runs yet.
struct Installation {
  settings::Site site;
  std::vector<health::EquipmentModel> models;
  std::vector<std::shared_ptr<acquisition::DeviceProfile>> profiles;  ///< that the devices share; see forget_files()
  std::vector<InstalledDevice> devices;
  std::vector<InstalledAsset> assets;  ///< AssetId is the index; the gateway itself is the first, the buses follow
  std::vector<Point> points;           ///< PointId is the index
  std::optional<delivery::TelemetrySettings> telemetry;  ///< absent: not wanted, or left out for its mistakes
  settings::Mistakes confined;    ///< mistakes that disable one device or asset at `run`; `check` reports them as well
  std::size_t missing = 0;        ///< devices and assets that the site file names and that are left out
  std::uint64_t fingerprint = 0;  ///< of all settings together; published as `config`
  settings::Node root;            ///< the site file with its patches
  std::shared_ptr<const Zone> zone =
      std::make_shared<const Zone>();  ///< of the site's location; UTC if the system does not know it

  /// As it is published: 8 hex digits.
  std::string fingerprint_text() const;

  /// Lets go of what the files say beyond `root`, the broker, its commands, telemetry, history and the buses: an agent that has made
  /// everything of it only loses memory to it.
  void forget_files();

  const Point& point(PointId id) const { return points.at(id.index); }
  /// Null for what is no asset of the site file: the gateway itself and its buses.
  const settings::AssetSettings* settings_of(const Asset& asset) const;
  /// True if the site file leaves that failure mode of that asset out.
  bool is_disabled(const Asset& asset, std::string_view mode) const;
};

/// Loads a site file and everything it names. Throws SettingsError for mistakes in the YAML, the gateway, the broker or the store;
/// mistakes confined to a device, its profile, an asset or its model disable that one and are kept in `confined`.
/// With the patches that lie in the site's store, or with others in their place.
Installation load_installation(const std::string& site_file);
Installation load_installation(const std::string& site_file, const SitePatches& patches);

/// A site file with the patches that lie in its store; missing if it cannot be read.
settings::Node load_site_file(const std::string& site_file, settings::Mistakes& mistakes);

/// Joins a site file that was read already, and may have been changed since.
Installation load_installation(settings::Node root, settings::Site site, settings::Mistakes mistakes);

/// Of everything that gives a part of a file its meaning, with variables filled in; comments and layout do not count.
std::uint64_t fingerprint_of(const settings::Node& node, std::uint64_t seed);

/// Checks one equipment model or one device profile without a site, as every shipped file must pass it.
void check_model_file(const std::string& file, settings::Mistakes& mistakes);
void check_profile_file(const std::string& file, settings::Mistakes& mistakes);

}  // namespace fettle
