#include "buses.hpp"

#include "core/state.hpp"
#include "field.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

namespace fettle {
namespace {

using acquisition::Bus;
using acquisition::BusDevice;
using acquisition::Line;

/// Of all that is said about a bus and its devices, and nothing else.
std::uint64_t fingerprint_of_bus(const Installation& installation, const settings::BusSettings& bus) {
  auto hash = fingerprint_of(bus.node, hash_of(bus.key));
  for (const auto* device : devices_of(installation, bus.key)) hash ^= hash_of("device", hash + device->fingerprint);
  return hash;
}

constexpr std::chrono::minutes longest_turn{5};

std::vector<BusDevice> make_devices(const Installation& installation, const std::string& bus, Line& line) {
  std::vector<BusDevice> devices;
  std::uint32_t channel = 0;
  for (const auto* installed : devices_of(installation, bus)) {
    BusDevice device;
    device.key = installed->settings.key;
    device.driver = attach(line, *installed);
    device.profile_points = installed->profile->points.size();
    device.every = paces_of(*installed);
    device.feeds.reserve(device.profile_points);
    for (std::uint32_t point = 0; point < device.profile_points; ++point)
      device.feeds.push_back({point, PointId{channel++}});
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace

acquisition::Paces paces_of(const InstalledDevice& device) {
  const auto& [fast, normal, slow] = device.settings.paces;
  acquisition::Paces paces{fast, normal, slow};
  for (std::size_t place = 0; place < paces.size(); ++place) {
    const auto is_of_class = [place](const acquisition::ProfilePoint& point) {
      return static_cast<std::size_t>(point.point_class) == place;
    };
    const auto& points = device.profile->points;
    if (std::none_of(points.begin(), points.end(), is_of_class)) paces.at(place) = std::max({fast, normal, slow});
  }
  return paces;
}

struct Buses::Running {
  std::string key;
  std::uint64_t fingerprint = 0;
  std::size_t place = 0;
  Channels channels;
  bool is_new = true;
  std::chrono::steady_clock::time_point beat = std::chrono::steady_clock::now();  ///< when it was last at work
  std::unique_ptr<Bus> bus = nullptr;  ///< last: its thread posts here until it is gone
};

Buses::Buses(boost::asio::io_context& home, const DomainClock& clock, TakeReadings readings, TakeState states)
    : home_{home}, clock_{clock}, take_readings_{std::move(readings)}, take_state_{std::move(states)} {}

Buses::~Buses() = default;

void Buses::follow(const Installation& installation) {
  auto former = std::exchange(running_, {});
  const auto& buses = installation.site.buses;
  for (std::size_t place = 0; place < buses.size(); ++place) {
    if (devices_of(installation, buses[place].key).empty()) continue;
    const auto fingerprint = fingerprint_of_bus(installation, buses[place]);
    const auto same = std::find_if(former.begin(), former.end(), [&](const auto& each) {
      return each && each->key == buses[place].key && each->fingerprint == fingerprint;
    });
    if (same == former.end()) continue;
    (*same)->place = place;
    (*same)->is_new = false;
    (*same)->channels.lead_to(installation, buses[place].key);
    running_.push_back(std::move(*same));
  }
  former.clear();  // a port must be free before its new bus opens it
  for (std::size_t place = 0; place < buses.size(); ++place) {
    const auto runs = [&](const auto& each) { return each->key == buses[place].key; };
    if (std::any_of(running_.begin(), running_.end(), runs)) continue;
    if (auto started = start(installation, place)) running_.push_back(std::move(started));
  }
}

std::shared_ptr<Buses::Running> Buses::start(const Installation& installation, std::size_t place) {
  const auto& settings = installation.site.buses[place];
  if (devices_of(installation, settings.key).empty()) return nullptr;
  const auto fingerprint = fingerprint_of_bus(installation, settings);
  const auto running = std::make_shared<Running>(
      Running{settings.key, fingerprint, place, Channels{installation, settings.key, kinds_}});
  auto line = make_line(settings);
  auto devices = make_devices(installation, settings.key, *line);
  acquisition::BusSinks sinks;
  const std::weak_ptr<Running> late{running};
  sinks.readings = [this, late](std::vector<Reading> values) {
    boost::asio::post(home_, [this, late, values = std::move(values)] {
      if (const auto alive = late.lock()) take(*alive, values);
    });
  };
  sinks.states = [this, late](acquisition::DeviceState state) {
    boost::asio::post(home_, [this, late, state = std::move(state)]() mutable {
      if (const auto alive = late.lock()) take_state_(alive->place, std::move(state));
    });
  };
  sinks.beats = [this, late] {
    boost::asio::post(home_, [late] {
      if (const auto alive = late.lock()) alive->beat = std::chrono::steady_clock::now();
    });
  };
  running->bus = std::make_unique<Bus>(settings.key, std::move(line), std::move(devices), clock_, std::move(sinks));
  return running;
}

std::string Buses::stuck(std::chrono::steady_clock::time_point now) const {
  const auto found = std::find_if(running_.begin(), running_.end(),
                                  [now](const auto& each) { return now - each->beat > longest_turn; });
  return found == running_.end() ? std::string{} : (*found)->key;
}

std::vector<Stateful*> Buses::learned() {
  std::vector<Stateful*> parts;
  for (const auto& bus : running_) {
    const auto its = bus->channels.learned();
    parts.insert(parts.end(), its.begin(), its.end());
  }
  return parts;
}

std::vector<Stateful*> Buses::started() {
  std::vector<Stateful*> parts;
  for (const auto& bus : running_) {
    if (!bus->is_new) continue;
    const auto its = bus->channels.learned();
    parts.insert(parts.end(), its.begin(), its.end());
  }
  return parts;
}

void Buses::take(Running& running, const std::vector<Reading>& values) {
  take_readings_(running.channels.readings(values));
}

}  // namespace fettle
