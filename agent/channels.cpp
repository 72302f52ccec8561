#include "channels.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <array>

namespace fettle {
namespace {

using manipulation::CounterEvent;
using manipulation::DeviceQuality;
using manipulation::PointFacts;

void log_event(const std::string& name, CounterEvent event, double value) {
  if (event == CounterEvent::wrapped) spdlog::info("{}: the counter ran over, and goes on at {}", name, value);
  if (event == CounterEvent::replaced)
    spdlog::warn("{}: the counter goes on at {}, as one that was replaced or reset", name, value);
}

void log_standing(const std::string& name, Reason before, const Reading& reading) {
  if (reading.reason == Reason::stuck && before != Reason::stuck)
    spdlog::warn("{}: has shown {} for longer than it ever did: is the sensor stuck?", name, reading.value);
  if (reading.is_good() && before == Reason::stuck) spdlog::info("{}: moves again, and shows {}", name, reading.value);
}

bool names_a_command(const std::string& name) {
  constexpr std::array words{"setpoint", "set_point", "Setpoint", "command", "Command"};
  return std::any_of(words.begin(), words.end(),
                     [&name](const char* word) { return name.find(word) != std::string::npos; });
}

PointFacts facts_of(const acquisition::ProfilePoint& point) {
  const auto& [max_rate, step, counts, wraps_at] = point.motion;
  PointFacts known{
      point.quantity, facts(point.quantity).lowest, facts(point.quantity).highest, {max_rate, step, wraps_at}};
  known.counts = counts;
  known.commanded = names_a_command(point.name);
  const auto& [conversion, lowest, highest] = point.scaling;
  if (!(lowest < highest)) return known;
  known.lowest = lowest;
  known.highest = highest;
  return known;
}

std::vector<PointFacts> facts_of(const InstalledDevice& device, const std::vector<Point>& points) {
  std::vector<PointFacts> known;
  for (const auto& point : device.profile.points) known.push_back(facts_of(point));
  for (const auto& wire : device.wiring) {
    if (wire.point.index >= points.size()) continue;
    const auto& point = points[wire.point.index];
    if (names_a_command(point.role) || names_a_command(point.brick)) known.at(wire.profile_point).commanded = true;
  }
  return known;
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
  for (const auto* device : devices_of(installation, bus)) add(*device, installation.points);
  lead_to(installation, bus);
}

void Channels::add(const InstalledDevice& device, const std::vector<Point>& points) {
  auto known = facts_of(device, points);
  auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&known](const auto& each) { return *each == known; });
  if (kind == kinds_.end())
    kind = kinds_.insert(kind, std::make_shared<const std::vector<PointFacts>>(std::move(known)));
  const auto& key = device.settings.key;
  devices_.push_back({channels_.size(), std::make_unique<DeviceQuality>(key, device.fingerprint, *kind)});
  for (const auto& point : device.profile.points) channels_.push_back({fmt::format("{}/{}", key, point.name), {}});
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
  for (auto value = values.begin(); value != values.end();) {
    const auto behind =
        std::upper_bound(devices_.begin(), devices_.end(), value->point.index,
                         [](std::size_t channel, const Device& device) { return channel < device.first; });
    if (value->point.index >= channels_.size()) {
      ++value;
      continue;
    }
    auto& device = *std::prev(behind);
    const auto end = device.first + device.quality->size();
    const auto is_elsewhere = [&](const Reading& each) {
      return each.point.index < device.first || each.point.index >= end;
    };
    const auto next = std::find_if(value, values.end(), is_elsewhere);
    poll_.assign(value, next);
    for (auto& each : poll_) each.point.index -= static_cast<std::uint32_t>(device.first);
    judge(device, poll_, readings);
    value = next;
  }
  return readings;
}

/// The points of one poll of a device.
void Channels::judge(Device& device, std::span<const Reading> poll, std::vector<Reading>& readings) {
  device.quality->look_at(poll);
  for (const auto& value : poll) {
    auto reading = device.quality->judged(value);
    if (!reading) continue;
    auto& channel = channels_[device.first + value.point.index];
    log_event(channel.name, device.quality->point(value.point.index).event(), value.value);
    log_standing(channel.name, channel.standing, *reading);
    channel.standing = reading->reason;
    for (const auto point : channel.points) {
      reading->point = point;
      readings.push_back(*reading);
    }
  }
}

std::vector<Stateful*> Channels::learned() {
  std::vector<Stateful*> parts;
  for (const auto& device : devices_) parts.push_back(device.quality.get());
  return parts;
}

}  // namespace fettle
