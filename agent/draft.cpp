#include "draft.hpp"

#include "catalogue.hpp"
#include "draft_pace.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

namespace fettle {
namespace {

using acquisition::DeviceProfile;
using acquisition::FoundDevice;
using acquisition::OfferedValue;
using acquisition::ScanFindings;

constexpr std::string_view bus_key = "line_1";

/// The roles of config/equipment/main_meter.yaml that a three-phase meter fills.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> supply{{
    {"voltage_1", "v_l1"},
    {"voltage_2", "v_l2"},
    {"voltage_3", "v_l3"},
    {"power", "p_total"},
}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> load{{
    {"current_1", "i_l1"},
    {"current_2", "i_l2"},
    {"current_3", "i_l3"},
}};
constexpr std::size_t required_roles = 3;

/// Text that YAML must not take for anything else, on one line.
std::string quoted(std::string_view text) {
  std::string result{'"'};
  for (const char each : text) {
    if (each == '"' || each == '\\') result += '\\';
    result += static_cast<unsigned char>(each) < ' ' ? ' ' : each;
  }
  return result + '"';
}

bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char each) {
    return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') || each == '_';
  });
}

/// Numbers of eight digits and more are names, such as secondary addresses, whose zeros count.
std::string scalar(std::string_view text) {
  constexpr std::size_t name = 8;
  const bool is_number = text.find_first_not_of("0123456789") == std::string_view::npos;
  return is_plain(text) && !(is_number && text.size() >= name) ? std::string{text} : quoted(text);
}

/// A comment is one line, whatever a device says about itself.
std::string comment(std::string_view indent, std::string_view text) {
  std::string line = fmt::format("{}# {}\n", indent, text);
  std::replace_if(
      line.begin(), line.end() - 1, [](char each) { return static_cast<unsigned char>(each) < ' '; }, ' ');
  return line;
}

bool is_supply_meter(const DeviceProfile& profile) {
  return std::all_of(supply.begin(), supply.begin() + required_roles,
                     [&profile](const auto& role) { return profile.find(role.second).has_value(); });
}

/// The number or address as a part of a key.
std::string number_of(const FoundDevice& device) {
  std::string number;
  for (const char each : device.place.second) {
    const auto letter = static_cast<unsigned char>(each);
    number += std::isalnum(letter) != 0 ? static_cast<char>(std::tolower(letter)) : '_';
  }
  return number;
}

/// A device that says itself what it sends needs no other profile than that.
bool has_own_profile(const FoundDevice& device) {
  return std::any_of(device.values.begin(), device.values.end(),
                     [](const OfferedValue& each) { return each.is_current && !each.place.empty(); });
}

std::string device_key(const FoundDevice& device, const DeviceProfile* profile) {
  const bool is_meter = !device.values.empty() || (profile != nullptr && profile->find("v_l1"));
  return fmt::format("{}_{}", is_meter ? "meter" : "device", number_of(device));
}

std::string head_of(const ScanFindings& findings, const DraftPlace& place) {
  std::string text = fmt::format(
      "# Drafted by `fettle scan`: {} found. Complete what is marked with <-, then:\n"
      "#   fettle check -c FILE     says what is wrong with it, and what would run\n"
      "#   fettle read  -c FILE     shows each point once: compare it with the devices' displays\n"
      "#   fettle run   -c FILE\n\n"
      "gateway:\n"
      "  id: {}  # <- topic level and name of the certificate: [A-Za-z0-9_-]\n\n"
      "site:\n"
      "  id: SITE-1  # <- the back office's key of the site\n"
      "  tz: {}  # <- such as Europe/Berlin\n"
      "  building: building 1  # <-\n\n"
      "# broker:  # <- as long as there is none, alerts stay on this gateway: `fettle alerts`\n"
      "#   url: mqtts://broker.example:8883\n"
      "#   root: fettle/v1\n\n"
      "store:\n"
      "  folder: ${{FETTLE_STORE:-/var/lib/fettle}}\n\n",
      findings.devices.size() == 1 ? "1 device" : fmt::format("{} devices", findings.devices.size()),
      quoted(place.gateway), quoted(place.zone));
  text += fmt::format("buses:\n  - id: {}\n    driver: {}\n", bus_key, findings.driver);
  for (const auto& [key, value] : findings.line) text += fmt::format("    {}: {}\n", key, scalar(value));
  if (findings.timeout > Duration{0}) {
    text += fmt::format("    timeout: {}ms  # suits the slowest device\n", findings.timeout.count());
  }
  Duration pause{};
  for (const auto& device : findings.devices) pause = std::max(pause, device.pause);
  for (const auto& hint : findings.hints) text += comment("    ", hint);
  if (pause > Duration{0}) text += fmt::format("    min_gap: {}ms  # or a device misses questions\n", pause.count());
  return text;
}

std::string notes_on(const FoundDevice& device, const DeviceProfile* profile) {
  std::string text = comment(
      "  ", fmt::format("{}: {}{}{}{}", device.where,
                        profile != nullptr        ? profile->title
                        : has_own_profile(device) ? "no profile fits"
                                                  : "unknown",
                        device.identity.empty() ? "" : " (", device.identity, device.identity.empty() ? "" : ")"));
  if (device.quality.answers > 0) {
    text += comment("  ", fmt::format("  answers after {:.0f} ms, 95 of 100 times within {:.0f} ms",
                                      device.quality.latency_p50, device.quality.latency_p95));
  }
  for (const auto& each : device.learned) text += comment("  ", "  " + each);
  for (const auto& each : device.troubles) text += comment("  ", "  <- " + each);
  return text;
}

/// A point of a profile that is written out in the site file; a comment if it is of no use to anybody yet.
std::string point_line(const OfferedValue& value) {
  const auto now = value.mark.empty() ? value.text : fmt::format("{} ({})", value.text, value.mark);
  if (value.place.empty()) return comment("        ", fmt::format("{}: {}", value.name, now));
  const auto point = fmt::format("{}: {{quantity: {}, {}}}", value.name, value.quantity, value.place);
  constexpr std::string_view indent = "        ";
  if (!value.is_current) return comment(indent, fmt::format("{}  # {}", point, now));
  return fmt::format("{}{}  {}", indent, point, comment("", now));
}

std::string entry_with_profile(const FoundDevice& device, std::string_view pace) {
  const auto& [key, value] = device.place;
  auto text = fmt::format("  - id: {}\n    bus: {}\n    {}: {}\n    every: {}\n", device_key(device, nullptr), bus_key,
                          key, scalar(value), pace);
  text +=
      "    profile:  # <- what it sends, with what it said; the names are yours to choose, and what nobody needs may "
      "go\n";
  for (const auto& [name, content] : device.speaks) text += fmt::format("      {}: {}\n", name, scalar(content));
  text += "      points:\n";
  for (const auto& each : device.values) text += point_line(each);
  return text;
}

std::string entry_of(const FoundDevice& device, const DeviceProfile* profile, std::string_view pace) {
  auto text = notes_on(device, profile);
  const auto& [key, value] = device.place;
  if (profile != nullptr) {
    return text + fmt::format("  - {{id: {}, bus: {}, {}: {}, profile: {}, every: {}}}\n", device_key(device, profile),
                              bus_key, key, scalar(value), profile->name, pace);
  }
  if (has_own_profile(device)) return text + entry_with_profile(device, pace);
  for (const auto& each : device.fits) text += comment("  ", "  " + each);
  text += comment("  ", fmt::format("  <- if its type plate names a profile of `fettle list devices`, take it; else "
                                    "write one, see {}/README.md",
                                    Catalogue{"devices"}.folders().back()));
  return text + fmt::format("  # - {{id: device_{}, bus: {}, {}: {}, profile: PROFILE, every: {}}}\n",
                            number_of(device), bus_key, key, scalar(value), pace);
}

std::string asset_of(const FoundDevice& device, const DeviceProfile& profile) {
  const auto key = device_key(device, &profile);
  auto text = fmt::format(
      "  - id: METER-{}\n"
      "    name: {}  # <- what it measures\n"
      "    model: main_meter\n"
      "    points:\n",
      number_of(device), quoted(fmt::format("Meter {}, {}", device.place.second, profile.title)));
  for (const auto& [role, point] : supply) {
    if (profile.find(point)) text += fmt::format("      {}: {}/{}\n", role, key, point);
  }
  if (!std::all_of(load.begin(), load.end(), [&](const auto& role) { return profile.find(role.second).has_value(); }))
    return text;
  for (const auto& [role, point] : load) text += fmt::format("    # {}: {}/{}\n", role, key, point);
  return text +
         "    # parameters: {rated_current: 100}  # <- with the currents above and the breaker's rating: overload\n";
}

}  // namespace

std::string draft_of(const ScanFindings& findings, std::span<const DeviceProfile> profiles, const DraftPlace& place) {
  auto text = head_of(findings, place);
  std::string devices, assets;
  bool any = false;
  const auto pace = pace_for(findings, profiles);
  for (const auto& device : findings.devices) {
    const auto* profile = profile_of(device, profiles);
    devices += entry_of(device, profile, pace_text(device, profile, pace));
    any = any || profile != nullptr || has_own_profile(device);
    if (profile != nullptr && is_supply_meter(*profile)) assets += asset_of(device, *profile);
  }
  if (!devices.empty()) text += (any ? "\ndevices:\n" : "\n# devices:\n") + devices;
  if (!assets.empty()) text += "\nassets:\n" + assets;
  if (any)
    text +=
        "  # <- machines: `fettle list equipment` shows the models, the examples of site files how they are wired\n";
  return text;
}

}  // namespace fettle
