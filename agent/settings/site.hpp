#pragma once

#include "core/asset.hpp"
#include "settings/node.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fettle::settings {

enum class ClockSource {
  system,  ///< the clock's synchronisation is read from timesyncd's or chrony's state
  trust,   ///< the operator vouches for the clock; published as "manual"
};

/// Rollouts begin with ring 1. Gateways that name no ring are in the last one.
constexpr int last_ring = 9;

/// `gateway:` of a site file.
struct GatewaySettings {
  std::string id;  ///< topic level = MQTT client id = certificate's common name
  ClockSource clock = ClockSource::system;
  bool commissioning = false;   ///< `mode: commissioning` marks every alert as a test
  Duration heartbeat{};         ///< between two status documents
  int new_alerts_per_hour = 6;  ///< more than that is a flood
  std::optional<int> ring;      ///< in which changes of the settings arrive here
  bool updates = false;         ///< the back office may update the agent and restart its host

  int rollout_ring() const { return ring.value_or(last_ring); }
};

/// What energy costs.
struct Tariff {
  double per_kwh = 0;
  std::string currency;  ///< ISO 4217
};

/// `detection:` of a site file: the watch over every machine's readings, whatever they are of, and what is looked for besides faults.
struct DetectionSettings {
  bool watch = true;
  double alarms_per_asset_month = 0.01;  ///< false ones, at most
  std::uint64_t memory = 32'000'000;     ///< bytes for what it learns; readings beyond that are not watched
  bool opportunities = false;            ///< findings that are no fault, and save energy
};

/// One wire: a serial line or a TCP host. What else its driver wants is in `node`, and read by the driver.
struct BusSettings {
  std::string key;     ///< "plant_room"
  std::string driver;  ///< registered name: "modbus_tcp"
  Node node;
};

/// How often the points of a device are read, by how fast they change.
struct Pace {
  Duration fast{}, normal{}, slow{};
};

/// One device on a bus.
struct DeviceSettings {
  std::string key;      ///< "ahu_1_io"
  std::string bus;      ///< BusSettings::key
  std::string profile;  ///< file stem in config/devices; empty if written inline
  Node inline_profile;  ///< missing unless `profile:` is a mapping
  Duration every{};     ///< poll period of what is read most often: paces.fast
  Pace paces;
  Node node;
};

/// Which device point a role of an asset is read from.
struct RoleWire {
  std::string role, device, point;
  Node node;
};

/// One machine.
struct AssetSettings {
  Asset asset;        ///< without ids and points
  std::string model;  ///< equipment model; empty: a bare asset
  std::map<std::string, double> parameters;
  std::vector<RoleWire> points;
  std::vector<std::string> disabled_modes;
  std::vector<std::string> fed_by;  ///< keys of the machines that it gets its water, air or power from
  Node node;
};

/// A site file, read but not yet joined with profiles and models.
struct Site {
  std::string file;
  Node root;  ///< everything written out that the file says in short (expansion.hpp)
  GatewaySettings gateway;
  Location location;  ///< `site:`; assets inherit it
  Node broker;        ///< read by delivery; missing: alerts are journalled only
  Node commands;      ///< read by delivery; missing: its defaults
  Node telemetry;     ///< read by delivery; missing: no telemetry
  Node history;       ///< `store.history`, read by store
  std::optional<Tariff> tariff;
  DetectionSettings detection;
  std::string store;                          ///< folder of the journal and the learned state
  std::uint64_t writes_per_day = 20'000'000;  ///< bytes that may be written to disk; 0: as many as may be
  std::vector<BusSettings> buses;
  std::vector<DeviceSettings> devices;
  std::vector<AssetSettings> assets;
  std::string devices_folder, equipment_folder;  ///< where profiles and models are looked for first
  Mistakes confined;  ///< mistakes inside one device or one asset; that one is left out of the lists above
};

/// Reads a site file. Mistakes that concern the whole (YAML, gateway, site, broker, store, buses) go to `mistakes`.
Site read_site(const Node& file, Mistakes& mistakes);

}  // namespace fettle::settings
