#include "channels.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace fettle {
namespace {

using manipulation::CounterEvent;
using manipulation::Plausibility;

Plausibility plausibility_of(const acquisition::Motion& motion) {
  return {motion.counts ? Plausibility::Kind::counter : Plausibility::Kind::gauge,
          {motion.max_rate, motion.step, motion.wraps_at}};
}

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
    for (const auto& point : device->profile.points)
      channels_.push_back({fmt::format("{}/{}", device->settings.key, point.name), plausibility_of(point.motion), {}});
  }
  lead_to(installation, bus);
}

void Channels::lead_to(const Installation& installation, const std::string& bus) {
  for (auto& channel : channels_) channel.points.clear();
  std::size_t first = 0;
  for (const auto* device : devices_of(installation, bus)) {
    for (const auto& wire : device->wiring) channels_.at(first + wire.profile_point).points.push_back(wire.point);
    first += device->profile.points.size();
  }
}

std::vector<Reading> Channels::readings(const std::vector<Reading>& values) {
  std::vector<Reading> readings;
  readings.reserve(values.size());
  for (const auto& value : values) {
    if (value.point.index >= channels_.size()) continue;
    auto& channel = channels_[value.point.index];
    auto reading = channel.plausibility.judged(value);
    log_event(channel.name, channel.plausibility.event(), value.value);
    for (const auto point : channel.points) {
      reading.point = point;
      readings.push_back(reading);
    }
  }
  return readings;
}

}  // namespace fettle
