#include "replay_summary.hpp"

#include "replay_site.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

namespace fettle {
namespace {

constexpr double hours_a_month = 30.44 * 24;

const ReplayedDevice* find(const std::vector<ReplayedDevice>& devices, const std::string& key) {
  const auto found = std::find_if(devices.begin(), devices.end(), [&key](const auto& each) { return each.key == key; });
  return found == devices.end() ? nullptr : &*found;
}

void count(const std::vector<AlertStory>& stories, ReplaySummary& summary) {
  constexpr std::array severities{Severity::critical, Severity::major, Severity::minor, Severity::warning};
  for (const auto severity : severities) {
    const auto of_it = std::count_if(stories.begin(), stories.end(),
                                     [severity](const auto& story) { return story.severity() == severity; });
    if (of_it > 0) summary.severities.emplace_back(severity, static_cast<std::size_t>(of_it));
  }
  for (const auto& story : stories) {
    ++(story.is_dispatch() ? summary.dispatches : summary.advisories);
    if (const auto lead = story.lead()) summary.leads.push_back(*lead);
    const auto asset = std::find_if(summary.assets.begin(), summary.assets.end(),
                                    [&story](const auto& each) { return each.key == story.raised.asset; });
    if (asset != summary.assets.end()) ++(story.is_dispatch() ? asset->dispatches : asset->advisories);
  }
  std::sort(summary.leads.begin(), summary.leads.end());
}

/// The recorded devices that an asset is read from.
std::set<std::string> sources_of(const InstalledAsset& asset, const Installation& installation) {
  std::set<std::string> keys;
  for (const auto& device : installation.devices) {
    const bool feeds = std::any_of(device.wiring.begin(), device.wiring.end(), [&asset](const Wiring& wire) {
      const auto& points = asset.asset.points;
      return std::find(points.begin(), points.end(), wire.point) != points.end();
    });
    if (feeds && is_recorded(installation, device)) keys.insert(device.settings.key);
  }
  return keys;
}

void note_assets(const Installation& installation, ReplaySummary& summary) {
  const auto machines = std::min(installation.assets.size(), 1 + installation.site.buses.size());
  for (std::size_t place = machines; place < installation.assets.size(); ++place) {
    const auto& asset = installation.assets[place];
    const auto sources = sources_of(asset, installation);
    if (sources.empty()) {
      summary.notes.push_back(fmt::format("{}: nothing is recorded of it", asset.asset.key));
      continue;
    }
    ReplayedAsset replayed{asset.asset.key, asset.asset.name, {}};
    for (const auto& key : sources) {
      if (const auto* device = find(summary.devices, key))
        replayed.covered = std::max(replayed.covered, device->covered);
    }
    summary.assets.push_back(std::move(replayed));
    for (const auto& mode : asset.inactive_modes)
      summary.notes.push_back(fmt::format("{}: not followed: {}", asset.asset.key, mode));
  }
}

void note_others(const Installation& installation, ReplaySummary& summary) {
  std::vector<std::string> others;
  for (const auto& device : installation.devices) {
    if (!is_recorded(installation, device)) others.push_back(device.settings.key);
  }
  if (!others.empty())
    summary.notes.push_back(fmt::format("devices without a recorded history: {}", fmt::join(others, ", ")));
}

/// With indented lines for the first few.
std::string with_examples(std::string note, const std::vector<std::string>& examples) {
  for (const auto& each : examples) note += "\n    " + each;
  return note;
}

void note_device(const ReplayedDevice& device, ReplaySummary& summary) {
  const auto& left = device.left;
  if (left.all_rows > 0) {
    summary.notes.push_back(with_examples(
        fmt::format("{}: {} left out ({})", device.key, counted(left.all_rows, "row"), left.reasons), left.rows));
  }
  if (!left.remedy.empty()) summary.notes.push_back(fmt::format("{}: {}", device.key, left.remedy));
  if (left.garbled > 0) {
    summary.notes.push_back(
        with_examples(fmt::format("{}: {} without a number", device.key, counted(left.garbled, "value")), left.values));
  }
  if (device.step && *device.step > 2 * device.every) {
    summary.notes.push_back(
        fmt::format("{0}: its rows are {1} apart, but the site file says every: {2}; most periods will seem to lack "
                    "readings (write every: {1})",
                    device.key, to_text(*device.step), to_text(device.every)));
  }
}

std::string day(Time time) { return to_rfc3339(time).substr(0, 16); }

}  // namespace

std::string grouped(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto place = static_cast<std::ptrdiff_t>(text.size()) - 3; place > 0; place -= 3)
    text.insert(static_cast<std::size_t>(place), ",");
  return text;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string rate_text(double per_month) {
  if (per_month == 0) return "0";
  return fmt::format("{:.{}f}", per_month, per_month < 1 ? 3 : 1);
}

double ReplayedAsset::months() const { return to_hours(covered) / hours_a_month; }

double ReplaySummary::asset_months() const {
  double months = 0;
  for (const auto& asset : assets) months += asset.months();
  return months;
}

std::optional<Duration> ReplaySummary::median_lead() const {
  if (leads.empty()) return std::nullopt;
  return (leads[(leads.size() - 1) / 2] + leads[leads.size() / 2]) / 2;
}

ReplaySummary summarise(const Replay& replay, const std::vector<AlertStory>& stories) {
  ReplaySummary summary;
  summary.devices = replay.devices();
  for (const auto& device : summary.devices) {
    summary.rows += device.rows;
    summary.readings += device.readings;
    summary.bad += device.bad;
    if (device.first) summary.first = std::min(summary.first.value_or(*device.first), *device.first);
    if (device.last) summary.last = std::max(summary.last.value_or(*device.last), *device.last);
    note_device(device, summary);
  }
  note_others(replay.installation(), summary);
  note_assets(replay.installation(), summary);
  count(stories, summary);
  return summary;
}

std::string summary_text(const ReplaySummary& summary, Duration took) {
  const double seconds = std::max(0.001, std::chrono::duration<double>{took}.count());
  std::string text;
  if (summary.first && summary.last) {
    text += fmt::format("{}, {} ({} without a good value) of {}, {} to {} UTC\n", counted(summary.rows, "row"),
                        counted(summary.readings, "reading"), grouped(summary.bad),
                        to_words(*summary.last - *summary.first), day(*summary.first), day(*summary.last));
    text += fmt::format("in {:.1f} s, {} readings a second\n", seconds,
                        grouped(static_cast<std::uint64_t>(static_cast<double>(summary.readings) / seconds)));
  }
  const double months = summary.asset_months();
  text += fmt::format("{}, {:.1f} asset-months covered by rows\n", counted(summary.assets.size(), "asset"), months);
  std::vector<std::string> severities;
  for (const auto& [severity, number] : summary.severities)
    severities.push_back(fmt::format("{} {}", number, name_of(severity)));
  text += fmt::format("{}{}{}\n", counted(summary.dispatches + summary.advisories, "alert"),
                      severities.empty() ? "" : ": ", fmt::join(severities, ", "));
  if (months > 0) {
    text += fmt::format("  {} for a visit ({} an asset-month), {} for information ({})\n", summary.dispatches,
                        rate_text(static_cast<double>(summary.dispatches) / months), summary.advisories,
                        rate_text(static_cast<double>(summary.advisories) / months));
  }
  if (const auto lead = summary.median_lead()) {
    text += fmt::format("  {} reached, median {} after the alert\n", counted(summary.leads.size(), "predicted limit"),
                        to_words(*lead));
  }
  if (!summary.notes.empty()) text += "left out:\n";
  for (const auto& note : summary.notes) text += fmt::format("  {}\n", note);
  return text;
}

}  // namespace fettle
