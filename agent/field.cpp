#include "field.hpp"

#include <algorithm>

namespace fettle {
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

std::unique_ptr<acquisition::Line> make_line(const settings::BusSettings& bus) {
  settings::Mistakes checked_at_load;
  const auto* driver = Registry<acquisition::Line>::instance().find(bus.driver);
  return driver == nullptr ? nullptr : driver->make(bus.node, checked_at_load);
}

std::unique_ptr<acquisition::Driver> attach(acquisition::Line& line, const InstalledDevice& device) {
  settings::Mistakes checked_at_load;
  return line.attach(device.profile, device.settings.node, checked_at_load);
}

}  // namespace fettle
