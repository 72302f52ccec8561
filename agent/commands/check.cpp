#include "commands/check.hpp"

#include "commands/command.hpp"
#include "commands/mistakes.hpp"
#include "installation.hpp"
#include "model_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace fettle::commands {
namespace {

using Row = std::vector<std::string>;

/// Columns side by side under a heading, each as wide as its widest cell.
void print_table(std::string_view heading, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  fmt::print("\n{}\n", heading);
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("  {:<{}}", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n", line);
  }
}

bool is_inactive(const std::string& mode, const InstalledAsset& asset) {
  return std::any_of(asset.inactive_modes.begin(), asset.inactive_modes.end(),
                     [&mode](const std::string& text) { return text.starts_with(mode + ":"); });
}

/// One row for what is followed, and one for each mode that is not.
void add_asset(const InstalledAsset& asset, const Installation& installation, std::vector<Row>& rows) {
  std::vector<std::string> active;
  if (asset.model) {
    for (const auto& mode : installation.models.at(*asset.model).modes) {
      if (!is_inactive(mode.name, asset)) active.push_back(mode.name);
    }
  }
  const auto model = asset.model ? asset.asset.model_class : "(no model)";
  rows.push_back({asset.asset.key, model, active.empty() ? "-" : fmt::format("{}", fmt::join(active, ", "))});
  for (const auto& mode : asset.inactive_modes) rows.push_back({"", "", "not " + mode});
}

/// What could be measured as well: each role that a mode still lacks, in words that a supplier understands.
void add_sensors(const InstalledAsset& asset, const Installation& installation, std::vector<Row>& rows) {
  if (!asset.model) return;
  std::set<Role> wired;
  for (const auto& role : asset.roles) wired.insert(role.first);
  auto key = asset.asset.key;
  for (const auto* role : missing_sensors(installation.models.at(*asset.model), wired)) {
    const auto& [quantity, name, unit, lowest, highest, decimals] = facts(role->quantity);
    rows.push_back({std::exchange(key, ""), role->name, role->title, fmt::format("{} ({})", name, unit), role->brick});
  }
}

/// The limits of followed modes that nobody found in a standard.
void print_doubted_limits(const Installation& installation) {
  std::map<std::string, std::set<std::string>> doubted;
  for (const auto& asset : installation.assets) {
    if (!asset.model) continue;
    const auto& model = installation.models.at(*asset.model);
    for (const auto& mode : model.modes) {
      if (!mode.verify.empty() && !is_inactive(mode.name, asset))
        doubted[model.name].insert(fmt::format("{}: {}", mode.name, mode.verify));
    }
  }
  for (const auto& [model, modes] : doubted) {
    fmt::print("\nnote: some limits of {} are general knowledge; compare them with the machine's papers\n", model);
    for (const auto& mode : modes) fmt::print("  {}\n", mode);
  }
}

/// What is no mistake, but worth knowing before the readings are relied upon.
void print_notes(const Installation& installation) {
  std::set<std::string> named;
  for (const auto& device : installation.devices) {
    const auto& profile = *device.profile;
    if (profile.verified || device.settings.profile.empty() || !named.insert(device.settings.profile).second) continue;
    fmt::print("\nnote: profile {} was not yet compared with a real device; compare its readings with the display\n",
               device.settings.profile);
    for (const auto& doubt : profile.weak) fmt::print("  doubtful: {}\n", doubt);
  }
  print_doubted_limits(installation);
}

/// "35 points: 21 every 1s, 9 every 10s, 5 every 1m"
std::string pace_text(const InstalledDevice& device) {
  const auto& points = device.profile->points;
  const auto& [fast, normal, slow] = device.settings.paces;
  std::map<Duration, std::size_t> counts;
  for (const auto& point : points)
    ++counts[std::array{fast, normal, slow}.at(static_cast<std::size_t>(point.point_class))];
  if (counts.size() == 1) return fmt::format("{} points every {}", points.size(), to_text(counts.begin()->first));
  std::vector<std::string> classes;
  for (const auto& [every, count] : counts) classes.push_back(fmt::format("{} every {}", count, to_text(every)));
  return fmt::format("{} points: {}", points.size(), fmt::join(classes, ", "));
}

void print_what_would_run(const Installation& installation) {
  const auto& site = installation.site;
  std::vector<Row> buses, devices, assets, sensors;
  for (const auto& bus : site.buses) buses.push_back({bus.key, bus.driver});
  for (const auto& device : installation.devices) {
    const auto& settings = device.settings;
    devices.push_back(
        {settings.key, settings.bus, settings.profile.empty() ? "(inline)" : settings.profile, pace_text(device)});
  }
  const auto machines = std::min(installation.assets.size(), 1 + site.buses.size());
  for (std::size_t i = machines; i < installation.assets.size(); ++i) {
    add_asset(installation.assets[i], installation, assets);
    add_sensors(installation.assets[i], installation, sensors);
  }
  fmt::print("{} is fine: gateway {}, {} points, configuration {:016x}\n", site.file, site.gateway.id,
             installation.points.size(), installation.fingerprint);
  print_table("buses", buses);
  print_table("devices", devices);
  print_table("assets", assets);
  if (!sensors.empty()) print_table("sensors that more could be followed with", sensors);
}

void add_check(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  verb.footer("Exit status 78 if there are mistakes.\nExample: fettle check -c site.yaml");
  verb.callback([site_file, &exit_code] { exit_code = check(*site_file); });
}

const Registration<Command> entry{
    "check", "Say what is wrong in a site file, its profiles and models; or what would run", add_check};

}  // namespace

int check(const std::string& site_file) {
  const auto installation = load_installation(site_file);
  if (!installation.confined.empty()) throw settings::SettingsError{installation.confined};
  print_what_would_run(installation);
  print_notes(installation);
  return exit_ok;
}

}  // namespace fettle::commands
