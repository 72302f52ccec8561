#include "field.hpp"

#include <algorithm>

namespace fettle {
namespace {

using acquisition::Bus;
using acquisition::BusDevice;
using acquisition::Line;

BusDevice make_device(const InstalledDevice& installed, Line& line) {
  settings::Mistakes checked_at_load;
  BusDevice device;
  device.key = installed.settings.key;
  device.driver = line.attach(installed.profile, installed.settings.node, checked_at_load);
  device.profile_points = installed.profile.points.size();
  device.every = installed.settings.every;
  for (const auto& wire : installed.wiring) device.feeds.push_back({wire.profile_point, wire.point});
  return device;
}

}  // namespace

bool BusWatch::is_answering() const {
  return std::any_of(states.begin(), states.end(), [](const auto& each) { return each.answering; });
}

void BusWatch::note(acquisition::DeviceState state) {
  const auto place = state.device;
  if (place >= states.size()) return;
  const auto time = state.time;
  states[place] = std::move(state);
  auto& silence = silences[place];
  if (states[place].answering) {
    silence.reset();
  } else if (!silence) {
    silence = time;
  }
  const bool silent =
      std::none_of(states.begin(), states.end(), [](const auto& each) { return each.answering || each.reads == 0; });
  if (!silent) {
    silent_since.reset();
  } else if (!silent_since) {
    silent_since = time;
  }
}

void BusWatch::shift(Duration step) {
  for (auto& state : states) state.time += step;
  for (auto& silence : silences) {
    if (silence) *silence += step;
  }
  if (silent_since) *silent_since += step;
}

std::vector<BusWatch> watches(const Installation& installation) {
  std::vector<BusWatch> result;
  for (const auto& bus : installation.site.buses) {
    BusWatch watch;
    watch.bus = bus.key;
    const auto asset = std::find_if(installation.assets.begin(), installation.assets.end(),
                                    [&bus](const InstalledAsset& each) { return each.asset.key == bus.key; });
    if (asset != installation.assets.end()) watch.asset = asset->asset.id;
    for (std::size_t device = 0; device < installation.devices.size(); ++device) {
      if (installation.devices[device].settings.bus == bus.key) watch.devices.push_back(device);
    }
    watch.states.resize(watch.devices.size());
    watch.silences.resize(watch.devices.size());
    result.push_back(std::move(watch));
  }
  return result;
}

std::vector<std::unique_ptr<Bus>> start_buses(const Installation& installation, const DomainClock& clock,
                                              const std::function<acquisition::BusSinks(std::size_t)>& sinks) {
  std::vector<std::unique_ptr<Bus>> buses;
  const auto watched = watches(installation);
  for (std::size_t place = 0; place < watched.size(); ++place) {
    if (watched[place].devices.empty()) continue;
    const auto& settings = installation.site.buses[place];
    settings::Mistakes checked_at_load;
    auto line = Registry<Line>::instance().find(settings.driver)->make(settings.node, checked_at_load);
    std::vector<BusDevice> devices;
    for (const auto device : watched[place].devices)
      devices.push_back(make_device(installation.devices[device], *line));
    buses.push_back(std::make_unique<Bus>(settings.key, std::move(line), std::move(devices), clock, sinks(place)));
  }
  return buses;
}

}  // namespace fettle
