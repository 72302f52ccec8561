#include "field_report.hpp"

#include "acquisition/driver.hpp"
#include "field.hpp"
#include "live_readings.hpp"
#include "neighbour_hint.hpp"
#include "scale_hints.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace fettle {
namespace {

using acquisition::Line;

/// For devices that speak of their own accord, in place of an answer's timeout.
constexpr std::chrono::seconds patience{10};

bool is_wanted(const InstalledDevice& device, const std::vector<std::string>& devices) {
  return devices.empty() || std::find(devices.begin(), devices.end(), device.settings.key) != devices.end();
}

Look look_at(const InstalledDevice& device, const std::vector<std::size_t>& doubtful, int shift, Line& line) {
  auto other = shifted(*device.profile, doubtful, shift);
  if (!other) return {};
  const auto profile = std::make_shared<const acquisition::DeviceProfile>(std::move(*other));
  settings::Mistakes checked_at_load;
  std::vector<Reading> readings(profile->points.size());
  (void)line.attach(profile, device.settings.node, checked_at_load)->read(readings);  // what fails stays bad
  return {profile->points, std::move(readings)};
}

/// Reads what makes no sense once more at the addresses beside it: counting from 0 or from 1 is the commonest mistake with registers.
void look_beside(const InstalledDevice& device, const std::vector<Reading>& readings, Line& line, FieldReport& report) {
  constexpr std::size_t few = 2;
  const auto doubtful = doubtful_points(device.profile->points, readings);
  if (doubtful.size() < few) return;
  const auto hint = neighbour_hint(device.settings.key, doubtful.size(), look_at(device, doubtful, -1, line),
                                   look_at(device, doubtful, 1, line));
  if (hint) report.hints.push_back(*hint);
}

void read_device(const InstalledDevice& device, Line& line, FieldReport& report) {
  const auto driver = attach(line, device);
  std::vector<Reading> readings(device.profile->points.size());
  const auto begin = std::chrono::steady_clock::now();
  if (!driver->await(begin + patience)) {
    report.failures.push_back(fmt::format("{}: said nothing of its own accord within {}; a longer look: fettle watch",
                                          device.settings.key, patience));
  }
  const auto result = driver->read(readings);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  if (!result) {
    const auto& detail = result.error().detail;
    if (std::find(report.failures.begin(), report.failures.end(), detail) == report.failures.end())
      report.failures.push_back(detail);
  }
  for (std::size_t place = 0; place < readings.size(); ++place) {
    const auto& point = device.profile->points[place];
    report.points.push_back({device.settings.key, point.name, driver->source(place), driver->raw(place), point.quantity,
                             readings[place], took.count()});
  }
  if (result) look_beside(device, readings, line, report);
}

/// What the device's values say about each other.
void look_for_wrong_scales(const InstalledDevice& device, const std::vector<Point>& points, FieldReport& report) {
  std::vector<LiveReading> readings;
  for (const auto& each : report.points) readings.push_back({each.device, each.point, each.reading});
  for (auto& hint : scale_hints(device, points, readings)) report.hints.push_back(std::move(hint));
}

/// What the running agent knows of a device; it holds the wire, so nothing is asked twice and there are no raw registers.
void take_over(const InstalledDevice& device, Line& line, const std::vector<LiveReading>& live, FieldReport& report) {
  const auto driver = attach(line, device);
  for (const auto& each : live) {
    const auto place = each.device == device.settings.key ? device.profile->find(each.point) : std::nullopt;
    if (!place) continue;
    report.points.push_back({each.device, each.point, driver->source(*place), "",
                             device.profile->points[*place].quantity, each.reading, each.milliseconds});
  }
}

}  // namespace

bool FieldReport::all_good() const {
  return failures.empty() &&
         std::all_of(points.begin(), points.end(), [](const PointReport& each) { return each.reading.is_good(); });
}

FieldReport read_field(const Installation& installation, const std::vector<std::string>& devices,
                       const std::function<void(const std::string&)>& progress) {
  FieldReport report;
  const auto live = ask_live_readings(installation.site.store);
  for (const auto& bus : installation.site.buses) {
    const auto line = make_line(bus);
    for (const auto& device : installation.devices) {
      if (device.settings.bus != bus.key || !is_wanted(device, devices)) continue;
      if (live) {
        take_over(device, *line, *live, report);
      } else {
        progress(device.settings.key);
        read_device(device, *line, report);
      }
      look_for_wrong_scales(device, installation.points, report);
    }
  }
  return report;
}

}  // namespace fettle
