#pragma once

#include "delivery/clock_sync.hpp"
#include "self_watch.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace fettle {

/// A site with two buses: `north` with ahu and meter, `south` with pump. The fan needs ahu and may use pump; PUMP-01 is bare and reads
/// both of meter and pump.
inline Installation two_buses() {
  Installation site;
  site.site.gateway.id = "gw-1";
  site.site.store = "/var/lib/fettle";
  health::EquipmentModel fan;
  fan.name = "fan";
  for (const auto* role : {"power", "heat"}) {
    health::RoleModel model;
    model.name = role;
    model.required = model.name == "power";
    fan.roles.push_back(std::move(model));
  }
  site.models.push_back(std::move(fan));
  for (const auto* bus : {"north", "south"}) {
    settings::BusSettings settings;
    settings.key = bus;
    site.site.buses.push_back(std::move(settings));
  }
  const std::vector<std::pair<const char*, const char*>> devices{
      {"ahu", "north"}, {"meter", "north"}, {"pump", "south"}};
  for (const auto& [key, bus] : devices) {
    InstalledDevice device;
    device.settings.key = key;
    device.settings.bus = bus;
    site.devices.push_back(std::move(device));
  }
  const auto add_asset = [&site](const std::string& key) {
    InstalledAsset installed;
    installed.asset.id = {static_cast<std::uint32_t>(site.assets.size())};
    installed.asset.key = key;
    site.assets.push_back(std::move(installed));
  };
  const auto wire = [&site](std::size_t asset, const Role& role, std::size_t device) {
    Point point;
    point.id = {static_cast<std::uint32_t>(site.points.size())};
    point.asset = site.assets[asset].asset.id;
    point.role = role;
    site.devices[device].wiring.push_back({0, point.id});
    site.assets[asset].roles.emplace(role, point.id);
    site.points.push_back(std::move(point));
  };
  for (const auto* key : {"gw-1", "north", "south", "FAN-01", "PUMP-01"}) add_asset(key);
  site.assets[3].model = 0;
  wire(3, "power", 0);
  wire(3, "heat", 2);
  wire(4, "flow", 1);
  wire(4, "power", 2);
  return site;
}

inline constexpr Time noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{12}};

/// Vitals without a complaint.
inline Vitals sound_vitals() {
  Vitals vitals;
  vitals.clock = delivery::vouched_clock();
  vitals.store_folder = "/var/lib/fettle";
  vitals.free_bytes = 2'000'000'000;
  vitals.total_bytes = 8'000'000'000;
  vitals.writes_budget = 20'000'000;
  return vitals;
}

/// Two buses as the agent hears of them, and the watch that looks at them.
struct Plant {
  explicit Plant(const Installation& installation = two_buses())
      : site{installation}, buses{watches(site)}, watch{site} {}

  /// A device of a bus answers or does not, at this time.
  void hear(std::size_t bus, std::size_t place, bool answers, Time at) {
    auto state = buses[bus].states[place];
    state.device = place;
    state.answering = answers;
    state.detail = answers ? "" : "no answer within 300ms";
    state.time = at;
    ++state.reads;
    buses[bus].note(state);
  }
  void hear_all(Time at) {
    for (std::size_t bus = 0; bus < buses.size(); ++bus) {
      for (std::size_t place = 0; place < buses[bus].states.size(); ++place) hear(bus, place, true, at);
    }
  }
  std::vector<Alert> look(Time at) { return watch.look(at, buses, vitals); }

  Installation site;
  std::vector<BusWatch> buses;
  Vitals vitals = sound_vitals();
  SelfWatch watch;
};

}  // namespace fettle
