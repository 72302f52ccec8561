#include "channels.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <array>
#include <iterator>

namespace fettle {
namespace {

using manipulation::CounterEvent;
using manipulation::DeviceFacts;
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
  known.reserve(device.profile->points.size());
  for (const auto& point : device.profile->points) known.push_back(facts_of(point));
  for (const auto& wire : device.wiring) {
    if (wire.point.index >= points.size()) continue;
    if (names_a_command(points[wire.point.index].role)) known.at(wire.profile_point).commanded = true;
  }
  return known;
}

}  // namespace

bool names_a_command(const std::string& name) {
  constexpr std::array words{"setpoint", "set_point", "Setpoint", "command", "Command"};
  return std::any_of(words.begin(), words.end(),
                     [&name](const char* word) { return name.find(word) != std::string::npos; });
}

std::vector<const InstalledDevice*> devices_of(const Installation& installation, const std::string& bus) {
  std::vector<const InstalledDevice*> devices;
  for (const auto& device : installation.devices) {
    if (device.settings.bus == bus) devices.push_back(&device);
  }
  return devices;
}

DeviceFacts DeviceKinds::share(std::vector<PointFacts> facts) {
  std::erase_if(known_, [](const auto& each) { return each.expired(); });
  for (const auto& each : known_) {
    if (auto kind = each.lock(); *kind == facts) return kind;
  }
  auto kind = std::make_shared<const std::vector<PointFacts>>(std::move(facts));
  known_.push_back(kind);
  return kind;
}

Channels::Channels(const Installation& installation, const std::string& bus, DeviceKinds& kinds) {
  for (const auto* device : devices_of(installation, bus)) add(*device, installation.points, kinds);
  lead_to(installation, bus);
}

void Channels::add(const InstalledDevice& device, const std::vector<Point>& points, DeviceKinds& kinds) {
  auto kind = kinds.share(facts_of(device, points));
  const auto& key = device.settings.key;
  devices_.push_back({key, device.profile, channels_.size(),
                      std::make_unique<DeviceQuality>(key, device.fingerprint, std::move(kind))});
  channels_.resize(channels_.size() + device.profile->points.size());
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
  for (auto value = values.begin(); value != values.end();) {
    if (value->point.index >= channels_.size()) {
      ++value;
      continue;
    }
    auto& device = device_of(value->point.index);
    const auto is_elsewhere = [&device](const Reading& each) {
      return each.point.index < device.first || each.point.index >= device.first + device.quality->size();
    };
    const auto next = std::find_if(value, values.end(), is_elsewhere);
    poll_.assign(value, next);
    for (auto& each : poll_) each.point.index -= static_cast<std::uint32_t>(device.first);
    judge(device, poll_, readings);
    value = next;
  }
  return readings;
}

Channels::Device& Channels::device_of(std::size_t channel) {
  const auto behind = std::upper_bound(devices_.begin(), devices_.end(), channel,
                                       [](std::size_t number, const Device& each) { return number < each.first; });
  return *std::prev(behind);
}

/// The points of one poll of a device.
void Channels::judge(Device& device, std::span<const Reading> poll, std::vector<Reading>& readings) {
  device.quality->look_at(poll);
  for (const auto& value : poll) {
    auto reading = device.quality->judged(value);
    if (!reading) continue;
    log(device, value.point.index, *reading, value.value);
    const auto channel = device.first + value.point.index;
    channels_[channel].standing = reading->reason;
    for (auto place = channel == 0 ? 0 : channels_[channel - 1].end; place < channels_[channel].end; ++place) {
      reading->point = points_[place];
      readings.push_back(*reading);
    }
  }
}

/// What a counter does and what is stuck stands in the log, as "meter_3/e_import".
void Channels::log(const Device& device, std::size_t place, const Reading& reading, double value) {
  const auto event = device.quality->point(place).event();
  const auto before = channels_[device.first + place].standing;
  if (event == CounterEvent::none && (reading.reason == Reason::stuck) == (before == Reason::stuck)) return;
  const auto name = fmt::format("{}/{}", device.key, device.profile->points.at(place).name);
  log_event(name, event, value);
  log_standing(name, before, reading);
}

std::vector<Stateful*> Channels::learned() {
  std::vector<Stateful*> parts;
  for (const auto& device : devices_) parts.push_back(device.quality.get());
  return parts;
}

}  // namespace fettle
