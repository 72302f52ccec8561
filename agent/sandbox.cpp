#include "sandbox.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace fettle {
namespace {

constexpr std::array plugged_in{"/dev/serial/", "/dev/ttyUSB", "/dev/ttyACM", "usb:"};

/// The name becomes a line of a unit that systemd reads as root: nothing may end the line or lead out of /dev.
bool is_device(const std::string& name) {
  static constexpr std::string_view others = "/_.:+-";
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  };
  return name.starts_with("/dev/") && name.find("..") == std::string::npos &&
         std::all_of(name.begin(), name.end(), fits);
}

/// The devices of some buses, and what is wrong with their names.
class Allowed {
 public:
  explicit Allowed(settings::Mistakes& mistakes) : mistakes_{mistakes} {}

  void add(const settings::BusSettings& bus) {
    if (!bus.node["host"]) add_port(bus.node["port"]);
    if (bus.driver == "pulse") add_chip(bus.node["chip"]);
  }

  std::vector<std::string> devices() const { return {devices_.begin(), devices_.end()}; }

 private:
  void add_port(const settings::Node& port) {
    const auto name = port.scalar();
    const auto is_beginning = [&name](const char* beginning) { return name.starts_with(beginning); };
    if (std::any_of(plugged_in.begin(), plugged_in.end(), is_beginning)) {
      devices_.insert({"char-ttyUSB", "char-ttyACM"});
    } else if (name.starts_with('/')) {
      add_named(port);
    }
  }

  /// A chip may be named by its label, which tells no device.
  void add_chip(const settings::Node& chip) {
    if (!chip) {
      devices_.insert("/dev/gpiochip0");
    } else if (chip.scalar().starts_with('/')) {
      add_named(chip);
    } else {
      devices_.insert("char-gpiochip");
    }
  }

  void add_named(const settings::Node& node) {
    if (is_device(node.scalar())) {
      devices_.insert(node.scalar());
    } else {
      mistakes_.add(node,
                    "cannot be opened for the service (a device is named /dev/ and letters, digits, _ . : + -, "
                    "without \"..\")");
    }
  }

  settings::Mistakes& mistakes_;
  std::set<std::string> devices_;
};

}  // namespace

std::vector<std::string> allowed_devices(const std::vector<settings::BusSettings>& buses,
                                         settings::Mistakes& mistakes) {
  Allowed allowed{mistakes};
  for (const auto& bus : buses) allowed.add(bus);
  return allowed.devices();
}

std::vector<std::string> allowed_devices(const std::string& site_file) {
  settings::Mistakes mistakes;
  const auto root = settings::load_file(site_file, mistakes);
  if (!root) throw settings::SettingsError{mistakes};
  const auto site = settings::read_site(root, mistakes);
  auto allowed = allowed_devices(site.buses, mistakes);
  if (!mistakes.empty()) throw settings::SettingsError{mistakes};
  return allowed;
}

}  // namespace fettle
