#include "works.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace fettle {
namespace {

/// "device/point" of a point's origin, the same under any installation.
using Origins = std::map<std::pair<std::string, std::size_t>, PointId>;

Origins origins_of(const Installation& installation) {
  Origins origins;
  for (const auto& device : installation.devices) {
    for (const auto& wire : device.wiring)
      origins.emplace(std::pair{device.settings.key, wire.profile_point}, wire.point);
  }
  return origins;
}

advisory::SlotFacts flood_slot(const Installation& installation) {
  advisory::SlotFacts facts;
  facts.asset = facts.identity = installation.site.gateway.id;
  facts.mode = "alert-flood";
  facts.iso14224 = "OTH";
  facts.severity = Severity::minor;
  return facts;
}

void hand_over_state(Works& former, Works& now) {
  std::map<std::string, Stateful*> known;
  for (auto* part : former.pipeline.learned()) known.emplace(part->state_id(), part);
  for (auto* part : now.pipeline.learned()) {
    const auto same = known.find(part->state_id());
    if (same == known.end() || same->second->state_version() != part->state_version() ||
        same->second->settings_hash() != part->settings_hash()) {
      continue;
    }
    StateWriter writer;
    same->second->save(writer);
    const auto bytes = writer.take();
    StateReader reader{bytes};
    part->restore(reader);
  }
}

void hand_over_buses(const Works& former, Works& now) {
  const auto device_keys = [](const Works& works, const BusWatch& watch) {
    std::vector<std::string> keys;
    for (const auto device : watch.devices) keys.push_back(works.installation.devices.at(device).settings.key);
    return keys;
  };
  for (auto& watch : now.bus_watches) {
    const auto same = std::find_if(former.bus_watches.begin(), former.bus_watches.end(),
                                   [&watch](const BusWatch& each) { return each.bus == watch.bus; });
    if (same == former.bus_watches.end() || device_keys(former, *same) != device_keys(now, watch)) continue;
    watch.states = same->states;
    watch.silences = same->silences;
    watch.silent_since = same->silent_since;
  }
}

void hand_over_readings(const Works& former, Works& now) {
  const auto before = origins_of(former.installation);
  for (const auto& [origin, point] : origins_of(now.installation)) {
    const auto same = before.find(origin);
    if (same == before.end()) continue;
    now.latest.at(point.index) = former.latest.at(same->second.index);
    now.latest[point.index].point = point;
  }
}

}  // namespace

Works::Works(Installation from)
    : installation{std::move(from)},
      pipeline{installation},
      self_watch{installation},
      flood{flood_slot(installation), installation.site.gateway.new_alerts_per_hour},
      bus_watches{watches(installation)},
      latest(installation.points.size()) {}

const Asset* Works::asset(std::string_view key) const {
  const auto& all = installation.assets;
  const auto found = std::find_if(all.begin(), all.end(), [key](const auto& each) { return each.asset.key == key; });
  return found == all.end() ? nullptr : &found->asset;
}

advisory::Episode* Works::episode(std::string_view id) {
  auto* found = pipeline.episode(id);
  if (found == nullptr) found = self_watch.episode(id);
  const auto* summary = flood.episode().alert();
  return found == nullptr && summary != nullptr && summary->id == id ? &flood.episode() : found;
}

std::vector<const advisory::Episode*> Works::episodes() {
  auto all = pipeline.episodes();
  for (const auto* episode : self_watch.episodes()) all.push_back(episode);
  all.push_back(&flood.episode());
  return all;
}

bool Works::restore(const Alert& alert) {
  return pipeline.restore(alert) || self_watch.restore(alert) || flood.restore(alert);
}

std::vector<Alert> Works::set_test(Time now, bool test) {
  auto alerts = pipeline.set_test(now, test);
  for (auto& alert : self_watch.set_test(now, test)) alerts.push_back(std::move(alert));
  if (auto alert = flood.episode().mark_test(now, test)) alerts.push_back(std::move(*alert));
  return alerts;
}

bool Works::is_held(std::string_view id) const {
  const auto& held = flood.held();
  return std::any_of(held.begin(), held.end(), [id](const Alert& each) { return each.id == id; });
}

std::vector<Alert> Works::inherit(Works& former) {
  hand_over_state(former, *this);
  hand_over_buses(former, *this);
  hand_over_readings(former, *this);
  std::vector<Alert> orphans;
  for (const auto* episode : former.episodes()) {
    const auto* alert = episode->alert();
    if (alert != nullptr && !restore(*alert) && episode->is_open()) orphans.push_back(*alert);
  }
  flood.take_over(former.flood);
  return orphans;
}

}  // namespace fettle
