#include "draft_pace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using acquisition::DeviceProfile;
using acquisition::FoundDevice;
using settings::Pace;

constexpr std::array<Pace, 8> paces{{{1s, 10s, 1min},
                                     {2s, 10s, 1min},
                                     {5s, 15s, 1min},
                                     {10s, 30s, 2min},
                                     {30s, 1min, 5min},
                                     {1min, 2min, 10min},
                                     {5min, 5min, 15min},
                                     {15min, 15min, 15min}}};
constexpr double fullest = 0.5;
constexpr double cost_of_classes = 1.2;  ///< for requests that are not shared any more
constexpr Duration counters = 1min;      ///< whoever sends whole readouts mostly sends counters

/// How many points of each class a profile has.
std::array<double, 3> counts_of(const DeviceProfile& profile) {
  std::array<double, 3> counts{};
  for (const auto& point : profile.points) ++counts.at(static_cast<std::size_t>(point.point_class));
  return counts;
}

bool has_classes(const DeviceProfile& profile) {
  const auto counts = counts_of(profile);
  return std::count_if(counts.begin(), counts.end(), [](double count) { return count > 0; }) > 1;
}

/// The pace of a device that is read as a whole: that of its one class, or of most devices.
Duration whole_pace(const FoundDevice& device, const DeviceProfile* profile, const Pace& pace) {
  if (!device.values.empty()) return std::max({device.rest, counters, pace.normal});
  if (profile == nullptr) return std::max(device.rest, pace.normal);
  const auto counts = counts_of(*profile);
  return std::max(device.rest, counts[0] > 0 ? pace.fast : counts[1] > 0 ? pace.normal : pace.slow);
}

double share_of(const FoundDevice& device, const DeviceProfile* profile, const Pace& pace) {
  const auto milliseconds = [](Duration duration) { return static_cast<double>(duration.count()); };
  if (!device.values.empty() || profile == nullptr || !has_classes(*profile))
    return device.reading / milliseconds(whole_pace(device, profile, pace));
  const auto counts = counts_of(*profile);
  const auto each = device.reading * cost_of_classes / static_cast<double>(profile->points.size());
  return each * (counts[0] / milliseconds(pace.fast) + counts[1] / milliseconds(pace.normal) +
                 counts[2] / milliseconds(pace.slow));
}

}  // namespace

const DeviceProfile* profile_of(const FoundDevice& device, std::span<const DeviceProfile> profiles) {
  const auto found = std::find_if(profiles.begin(), profiles.end(),
                                  [&device](const DeviceProfile& each) { return each.name == device.profile; });
  return device.profile.empty() || found == profiles.end() ? nullptr : &*found;
}

Pace pace_for(const acquisition::ScanFindings& findings, std::span<const DeviceProfile> profiles) {
  for (const auto& pace : paces) {
    double share = 0;
    for (const auto& device : findings.devices) share += share_of(device, profile_of(device, profiles), pace);
    if (share <= fullest) return pace;
  }
  return paces.back();
}

std::string pace_text(const FoundDevice& device, const DeviceProfile* profile, const Pace& pace) {
  if (!device.values.empty() || profile == nullptr || !has_classes(*profile) || pace.fast == pace.slow)
    return to_text(whole_pace(device, profile, pace));
  const auto counts = counts_of(*profile);
  std::string text{"{"};
  if (counts[0] > 0) text += fmt::format("fast: {}, ", to_text(pace.fast));
  text += "normal: " + to_text(pace.normal);
  if (counts[2] > 0) text += fmt::format(", slow: {}", to_text(pace.slow));
  return text + "}";
}

}  // namespace fettle
