#include "channels.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <iterator>

namespace fettle {
namespace {

using manipulation::CounterEvent;
using manipulation::Plausibility;

Plausibility plausibility_of(const acquisition::Motion& motion) {
  return {motion.counts ? Plausibility::Kind::counter : Plausibility::Kind::gauge,
          {motion.max_rate, motion.step, motion.wraps_at}};
}

/// Whether anything is known that a reading could contradict.
bool is_telling(const acquisition::Motion& motion) { return motion.counts || motion.max_rate > 0; }

void log_event(const std::string& name, CounterEvent event, double value) {
  if (event == CounterEvent::wrapped) spdlog::info("{}: the counter ran over, and goes on at {}", name, value);
  if (event == CounterEvent::replaced)
    spdlog::warn("{}: the counter goes on at {}, as one that was replaced or reset", name, value);
}

}  // namespace

std::vector<const InstalledDevice*> devices_of(const Installation& installation, const std::string& bus) {
  std::vector<const InstalledDevice*> devices;
  for (const auto& device : installation.devices) {
    if (device.settings.bus == bus) devices.push_back(&device);
  }
  return devices;
}

Channels::Channels(const Installation& installation, const std::string& bus) {
  for (const auto* device : devices_of(installation, bus)) {
    devices_.push_back({device->settings.key, device->profile, channels_.size()});
    for (const auto& point : device->profile->points) {
      auto& channel = channels_.emplace_back();
      if (!is_telling(point.motion)) continue;
      channel.plausibility = static_cast<std::uint32_t>(plausibilities_.size());
      plausibilities_.push_back(plausibility_of(point.motion));
    }
  }
  lead_to(installation, bus);
}

void Channels::lead_to(const Installation& installation, const std::string& bus) {
  points_.clear();
  auto channel = channels_.begin();
  for (const auto* device : devices_of(installation, bus)) {
    auto wire = device->wiring.begin();
    for (std::size_t point = 0; point < device->profile->points.size(); ++point, ++channel) {
      for (; wire != device->wiring.end() && wire->profile_point == point; ++wire) points_.push_back(wire->point);
      channel->end = static_cast<std::uint32_t>(points_.size());
    }
  }
}

std::vector<Reading> Channels::readings(const std::vector<Reading>& values) {
  std::vector<Reading> readings;
  readings.reserve(values.size());
  for (const auto& value : values) {
    const std::size_t channel = value.point.index;
    if (channel >= channels_.size()) continue;
    auto reading = judged(channel, value);
    for (auto place = channel == 0 ? 0 : channels_[channel - 1].end; place < channels_[channel].end; ++place) {
      reading.point = points_[place];
      readings.push_back(reading);
    }
  }
  return readings;
}

Reading Channels::judged(std::size_t channel, const Reading& value) {
  const auto place = channels_[channel].plausibility;
  if (place == undoubted) return value;
  auto& plausibility = plausibilities_[place];
  const auto reading = plausibility.judged(value);
  if (plausibility.event() != CounterEvent::none) log_event(name(channel), plausibility.event(), value.value);
  return reading;
}

/// "meter_3/e_import"
std::string Channels::name(std::size_t channel) const {
  const auto behind = std::upper_bound(devices_.begin(), devices_.end(), channel,
                                       [](std::size_t number, const Device& each) { return number < each.first; });
  const auto& device = *std::prev(behind);
  return fmt::format("{}/{}", device.key, device.profile->points.at(channel - device.first).name);
}

}  // namespace fettle
