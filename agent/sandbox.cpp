#include "sandbox.hpp"

#include "installation.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace fettle {
namespace {

constexpr std::array plugged_in{"/dev/serial/", "/dev/ttyUSB", "/dev/ttyACM", "usb:"};

void add_port(const std::string& port, std::set<std::string>& allowed) {
  const auto is_beginning = [&port](const char* beginning) { return port.starts_with(beginning); };
  if (std::any_of(plugged_in.begin(), plugged_in.end(), is_beginning)) {
    allowed.insert({"char-ttyUSB", "char-ttyACM"});
  } else if (port.starts_with("/dev/")) {
    allowed.insert(port);
  }
}

/// A chip may be named by its label, which tells no device.
void add_chip(const settings::BusSettings& bus, std::set<std::string>& allowed) {
  if (bus.driver != "pulse") return;
  const auto chip = bus.node["chip"] ? bus.node["chip"].scalar() : "/dev/gpiochip0";
  allowed.insert(chip.starts_with('/') ? chip : "char-gpiochip");
}

}  // namespace

std::vector<std::string> allowed_devices(const std::vector<settings::BusSettings>& buses) {
  std::set<std::string> allowed;
  for (const auto& bus : buses) {
    if (!bus.node["host"]) add_port(bus.node["port"].scalar(), allowed);
    add_chip(bus, allowed);
  }
  return {allowed.begin(), allowed.end()};
}

std::vector<std::string> allowed_devices(const std::string& site_file) {
  settings::Mistakes mistakes;
  const auto root = load_site_file(site_file, mistakes);
  if (!root) throw settings::SettingsError{mistakes};
  const auto site = settings::read_site(root, mistakes);
  if (!mistakes.empty()) throw settings::SettingsError{mistakes};
  return allowed_devices(site.buses);
}

}  // namespace fettle
