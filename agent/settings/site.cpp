#include "settings/site.hpp"

#include "settings/expansion.hpp"
#include "settings/fields.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <limits>

namespace fettle::settings {
namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_poll = 100ms;
constexpr Duration shortest_heartbeat = 10s, longest_heartbeat = 24h;

/// Keys that are taken, and the line of the first one: gateway, buses and machines are all assets on the topics.
class Taken {
 public:
  /// Reports `key` if it is taken already.
  void claim(const std::string& key, const Node& at, std::string_view what, Mistakes& mistakes) {
    if (key.empty()) return;
    const auto [first, fresh] = lines_.emplace(key, fmt::format("{} in line {}", what, at.mark().line));
    if (!fresh) mistakes.add(at, fmt::format("\"{}\" is taken already by the {}", key, first->second));
  }

 private:
  std::map<std::string, std::string> lines_;
};

GatewaySettings read_gateway(const Node& node, Mistakes& mistakes) {
  constexpr std::array<std::pair<std::string_view, ClockSource>, 2> clocks{
      {{"system", ClockSource::system}, {"trust", ClockSource::trust}}};
  constexpr std::array<std::pair<std::string_view, bool>, 2> modes{{{"operational", false}, {"commissioning", true}}};
  Fields fields{node, mistakes};
  GatewaySettings gateway;
  gateway.id = fields.slug("id");
  gateway.clock = fields.choice<ClockSource>("clock", clocks, ClockSource::system);
  gateway.commissioning = fields.choice<bool>("mode", modes, false);
  gateway.heartbeat = fields.duration("heartbeat", shortest_heartbeat, 5min);
  gateway.new_alerts_per_hour = static_cast<int>(fields.integer("new_alerts_per_hour", 1, 1'000, 6));
  gateway.updates = fields.flag("updates", false);
  if (fields.has("ring")) gateway.ring = static_cast<int>(fields.integer("ring", 1, last_ring));
  if (gateway.heartbeat > longest_heartbeat) {
    mistakes.add(node["heartbeat"], fmt::format("\"{}\" is too long (at most {})", node["heartbeat"].scalar(),
                                                fettle::to_text(longest_heartbeat)));
  }
  fields.finish();
  return gateway;
}

void check_zone(const Node& node, Mistakes& mistakes) {
  const std::filesystem::path zones{"/usr/share/zoneinfo"};
  const auto& name = node.scalar();
  std::error_code error;
  if (name.empty() || !std::filesystem::is_directory(zones, error)) return;
  const bool inside = name.front() != '/' && name.find("..") == std::string::npos;
  if (inside && std::filesystem::is_regular_file(zones / name, error)) return;
  mistakes.add(
      node, fmt::format("\"{}\" is no time zone (try Europe/Berlin; `timedatectl list-timezones` lists them)", name));
}

std::optional<std::array<double, 2>> read_geo(const Node& node, Mistakes& mistakes) {
  if (!node) return std::nullopt;
  constexpr std::array<double, 2> farthest{90, 180};
  std::array<double, 2> place{};
  bool fits = node.items().size() == place.size();
  for (std::size_t i = 0; fits && i < place.size(); ++i) {
    const auto& text = node.items()[i].scalar();
    const auto* const end = std::next(text.data(), std::ssize(text));
    const auto [stop, error] = std::from_chars(text.data(), end, place.at(i));
    fits = error == std::errc{} && stop == end && std::abs(place.at(i)) <= farthest.at(i);
  }
  if (fits) return place;
  mistakes.add(node, "this is no place (write [latitude, longitude] in degrees)");
  return std::nullopt;
}

Location read_location(const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  Location location;
  location.site = fields.text("id");
  location.tz = fields.text("tz");
  check_zone(node["tz"], mistakes);
  location.building = fields.text("building", "");
  location.floor = fields.text("floor", "");
  location.space = fields.text("space", "");
  location.access = fields.text("access", "");
  location.geo = read_geo(fields.child("geo"), mistakes);
  fields.finish();
  return location;
}

void read_store(const Node& node, Site& site, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  site.store = fields.text("folder");
  site.history = fields.child("history");
  site.writes_per_day = fields.size("writes_per_day", 0, site.writes_per_day);
  fields.finish();
}

std::optional<Tariff> read_tariff(const Node& node, Mistakes& mistakes) {
  if (!node) return std::nullopt;
  Fields fields{node, mistakes};
  Tariff tariff;
  tariff.per_kwh = fields.number("per_kwh", 0, 1'000);
  tariff.currency = fields.text("currency");
  const bool fits =
      tariff.currency.size() == 3 && std::all_of(tariff.currency.begin(), tariff.currency.end(),
                                                 [](char letter) { return letter >= 'A' && letter <= 'Z'; });
  if (!fits && !tariff.currency.empty()) {
    mistakes.add(node["currency"],
                 fmt::format("\"{}\" is no currency (three capital letters of ISO 4217: EUR)", tariff.currency));
  }
  fields.finish();
  return tariff;
}

DetectionSettings read_detection(const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  DetectionSettings detection;
  constexpr double fewest = 0.0001;
  detection.watch = fields.flag("watch", detection.watch);
  detection.alarms_per_asset_month =
      fields.number("alarms_per_asset_month", fewest, 10, detection.alarms_per_asset_month);
  detection.memory = fields.size("memory", 0, detection.memory);
  detection.opportunities = fields.flag("opportunities", detection.opportunities);
  fields.finish();
  return detection;
}

BusSettings read_bus(const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  return {fields.slug("id"), fields.text("driver"), node};
}

/// `every: 10s`, or `every: {fast: 1s, normal: 10s, slow: 1m}`.
Pace read_pace(Fields& device, Mistakes& mistakes) {
  const auto node = device.required_child("every");
  if (node.kind() != Node::Kind::mapping) {
    const auto every = device.duration("every", shortest_poll);
    return {every, every, every};
  }
  Fields fields{node, mistakes};
  const auto normal = fields.duration("normal", shortest_poll);
  const Pace pace{fields.duration("fast", shortest_poll, normal), normal,
                  fields.duration("slow", shortest_poll, normal)};
  if (node["normal"] && (pace.fast > normal || pace.slow < normal))
    mistakes.add(node, "fast must not be slower than normal, nor normal slower than slow");
  fields.finish();
  return pace;
}

DeviceSettings read_device(const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  DeviceSettings device;
  device.key = fields.slug("id");
  device.bus = fields.text("bus");
  const auto profile = fields.required_child("profile");
  if (profile.kind() == Node::Kind::mapping) {
    device.inline_profile = profile;
  } else {
    device.profile = fields.text("profile");
  }
  device.paces = read_pace(fields, mistakes);
  device.every = device.paces.fast;
  device.node = node;
  return device;
}

RoleWire read_wire(const std::string& role, const Node& node, Mistakes& mistakes) {
  const auto& text = node.scalar();
  const auto slash = text.find('/');
  const bool fits = slash != std::string::npos && slash > 0 && slash + 1 < text.size() &&
                    text.find('/', slash + 1) == std::string::npos;
  if (fits) return {role, text.substr(0, slash), text.substr(slash + 1), node};
  if (!node.reported()) mistakes.add(node, fmt::format("\"{}\" is no device point (write device/point)", text));
  return {};
}

std::map<std::string, double> read_parameters(const Node& node, Mistakes& mistakes) {
  constexpr double most = std::numeric_limits<double>::max();
  std::map<std::string, double> parameters;
  Fields fields{node, mistakes};
  for (const auto& entry : node.entries()) parameters.emplace(entry.first, fields.number(entry.first, -most, most));
  return parameters;
}

AssetSettings read_asset(const Node& node, const Site& site, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  AssetSettings settings;
  auto& asset = settings.asset;
  asset.key = fields.slug("id");
  asset.ref = fields.text("ref", site.gateway.id + "_" + asset.key);
  asset.name = fields.text("name", asset.key);
  asset.model_class = settings.model = fields.text("model", "");
  asset.maker = fields.text("maker", "");
  asset.model = fields.text("model_name", "");
  asset.serial = fields.text("serial", "");
  asset.serves = fields.text("serves", "");
  asset.brick = fields.text("brick", "");
  asset.location = site.location;
  asset.location.building = fields.text("building", site.location.building);
  asset.location.floor = fields.text("floor", site.location.floor);
  asset.location.space = fields.text("space", site.location.space);
  asset.location.access = fields.text("access", site.location.access);
  settings.parameters = read_parameters(fields.child("parameters"), mistakes);
  const auto points = fields.child("points");
  const Fields wires{points, mistakes};
  for (const auto& [role, wire] : points.entries()) settings.points.push_back(read_wire(role, wire, mistakes));
  settings.disabled_modes = fields.texts("disabled_modes");
  settings.fed_by = fields.texts("fed_by");
  settings.node = node;
  fields.finish();
  return settings;
}

void keep(const Mistakes& from, Mistakes& into) {
  for (const auto& mistake : from.all()) into.add(mistake);
}

/// The entries of a list, without those whose `for:` is a mistake that is known already.
std::vector<Node> usable(std::vector<Node> entries) {
  std::erase_if(entries, [](const Node& entry) { return static_cast<bool>(entry["for"]); });
  return entries;
}

void read_devices(Fields& fields, Site& site) {
  Taken taken;
  for (const auto& node : usable(fields.list_or_empty("devices"))) {
    Mistakes own;
    auto device = read_device(node, own);
    taken.claim(device.key, node["id"], "device", own);
    keep(own, site.confined);
    if (own.empty()) site.devices.push_back(std::move(device));
  }
}

void read_assets(Fields& fields, Taken& taken, Site& site) {
  for (const auto& node : usable(fields.list_or_empty("assets"))) {
    Mistakes own;
    auto asset = read_asset(node, site, own);
    taken.claim(asset.asset.key, node["id"], "asset", own);
    keep(own, site.confined);
    if (own.empty()) site.assets.push_back(std::move(asset));
  }
}

}  // namespace

Site read_site(const Node& file, Mistakes& mistakes) {
  Site site;
  site.file = file.mark().file;
  const auto& root = site.root = written_out(file, {mistakes, site.confined});
  Fields fields{root, mistakes};
  const auto folder = std::filesystem::path{site.file}.parent_path();
  site.devices_folder = (folder / "devices").string();
  site.equipment_folder = (folder / "equipment").string();
  site.gateway = read_gateway(fields.required_child("gateway"), mistakes);
  site.location = read_location(fields.required_child("site"), mistakes);
  // Without a broker nothing is published, so an empty entry is hardly meant.
  site.broker = root["broker"] ? fields.required_child("broker") : fields.child("broker");
  read_store(fields.required_child("store"), site, mistakes);
  site.commands = fields.child("commands");
  site.telemetry = fields.child("telemetry");
  site.tariff = read_tariff(fields.child("tariff"), mistakes);
  site.detection = read_detection(fields.child("detection"), mistakes);
  Taken taken;
  taken.claim(site.gateway.id, root["gateway"]["id"], "gateway", mistakes);
  for (const auto& node : usable(fields.list_or_empty("buses"))) {
    site.buses.push_back(read_bus(node, mistakes));
    taken.claim(site.buses.back().key, node["id"], "bus", mistakes);
  }
  read_devices(fields, site);
  read_assets(fields, taken, site);
  fields.finish();
  return site;
}

}  // namespace fettle::settings
