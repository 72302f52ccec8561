#include "replay_site.hpp"

#include "csv/profile.hpp"
#include "settings/nearest.hpp"
#include "settings/patch.hpp"
#include "settings/value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

namespace fettle {
namespace {

using settings::Node;

constexpr std::string_view recorded = "csv";

bool is_recorded(const settings::Site& site, const std::string& bus) {
  return std::any_of(site.buses.begin(), site.buses.end(),
                     [&bus](const auto& each) { return each.key == bus && each.driver == recorded; });
}

settings::Mark argument_mark(std::size_t place) { return {"command line", 1, static_cast<int>(place) + 1}; }

/// A file that somebody named on the command line, as a site file would name it.
Node file_node(const std::string& file, const std::string& device, std::size_t place) {
  Node::Value value;
  value.kind = Node::Kind::scalar;
  value.at = argument_mark(place);
  value.path = device;
  value.scalar = std::filesystem::absolute(file).string();
  return Node{std::make_shared<const Node::Value>(std::move(value))};
}

/// `{file: null, files: [...]}`, to be laid over a device.
Node change_of(const std::vector<Node>& files) {
  Node::Value nothing, list, change;
  nothing.kind = Node::Kind::null;
  list.kind = Node::Kind::list;
  list.at = files.front().mark();
  list.path = files.front().path();
  list.items = files;
  change.kind = Node::Kind::mapping;
  change.entries.emplace_back("file", std::make_shared<const Node::Value>(std::move(nothing)));
  change.entries.emplace_back("files", std::make_shared<const Node::Value>(std::move(list)));
  return Node{std::make_shared<const Node::Value>(std::move(change))};
}

/// Without what a gateway needs to be heard, and an office has not: a broker with its certificates, and whoever may command.
Node without_broker(const Node& root) {
  settings::Mistakes none;
  return settings::patched(root, settings::load_text("{broker: null, commands: null, telemetry: null}", "", none));
}

/// Puts the files of a command line in the place of those that the site file names.
class Arguments {
 public:
  Arguments(settings::Site& site, settings::Mistakes& mistakes) : site_{site}, mistakes_{mistakes} {
    for (const auto& device : site.devices) {
      if (is_recorded(site, device.bus)) devices_.push_back(device.key);
    }
    if (devices_.empty())
      mistakes_.add(site.root["devices"], "no device has a recorded history: none is on a bus with driver: csv");
  }

  void apply(const std::vector<std::string>& files) {
    if (devices_.empty()) return;
    for (std::size_t place = 0; place < files.size(); ++place) take(files[place], place);
    for (auto& device : site_.devices) {
      const auto own = files_.find(device.key);
      if (own != files_.end()) device.node = settings::patched(device.node, change_of(own->second));
    }
  }

 private:
  bool is_device(const std::string& key) const {
    return std::find(devices_.begin(), devices_.end(), key) != devices_.end();
  }

  void take(const std::string& argument, std::size_t place) {
    const auto end = argument.find('=');
    const auto key = end == std::string::npos ? std::string{} : argument.substr(0, end);
    std::error_code none;
    const bool is_plain = key.empty() || (!is_device(key) && std::filesystem::exists(argument, none));
    if (!is_plain && !is_device(key)) {
      return refuse(place, fmt::format("no device \"{}\" has a recorded history{}", key,
                                       settings::hint(key, devices_, "those that have one:")));
    }
    if (is_plain && devices_.size() > 1) {
      return refuse(place, fmt::format("\"{}\" may be of any of {}; write {}={}", argument, fmt::join(devices_, ", "),
                                       devices_.front(), argument));
    }
    const auto& device = is_plain ? devices_.front() : key;
    files_[device].push_back(file_node(is_plain ? argument : argument.substr(end + 1), device, place));
  }

  void refuse(std::size_t place, std::string why) { mistakes_.add({argument_mark(place), {}, std::move(why)}); }

  settings::Site& site_;
  settings::Mistakes& mistakes_;
  std::vector<std::string> devices_;
  std::map<std::string, std::vector<Node>> files_;
};

}  // namespace

bool is_recorded(const Installation& installation, const InstalledDevice& device) {
  return is_recorded(installation.site, device.settings.bus);
}

Installation load_for_replay(const std::string& site_file, const std::vector<std::string>& files) {
  settings::Mistakes mistakes;
  const auto root = load_site_file(site_file, mistakes);
  if (!root) throw settings::SettingsError{mistakes};
  const auto local = without_broker(root);
  auto site = settings::read_site(local, mistakes);
  Arguments{site, mistakes}.apply(files);
  auto installation = load_installation(local, std::move(site), std::move(mistakes));
  if (!installation.confined.empty()) throw settings::SettingsError{installation.confined};
  return installation;
}

std::vector<std::string> inputs_of_replay(const std::string& site_file, const std::vector<std::string>& files) {
  auto inputs = files;
  for (const auto& file : files) inputs.push_back(file.substr(file.find('=') + 1));  // npos + 1 is 0
  inputs.push_back(site_file);
  settings::Mistakes said_when_loaded;
  const auto root = load_site_file(site_file, said_when_loaded);
  if (!root) return inputs;
  const auto site = settings::read_site(without_broker(root), said_when_loaded);
  for (const auto& device : site.devices) {
    if (!is_recorded(site, device.bus)) continue;
    const auto bus = std::find_if(site.buses.begin(), site.buses.end(),
                                  [&device](const auto& each) { return each.key == device.bus; });
    settings::Fields fields{device.node, said_when_loaded};
    const auto own = csv::read_files(fields, bus->node["folder"].scalar());
    inputs.insert(inputs.end(), own.begin(), own.end());
  }
  return inputs;
}

}  // namespace fettle
