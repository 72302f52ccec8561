#include "commands/named_devices.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdio>

namespace fettle::commands {

bool has_all(std::string_view verb, const Installation& installation, const std::vector<std::string>& devices) {
  bool all = true;
  for (const auto& key : devices) {
    if (std::any_of(installation.devices.begin(), installation.devices.end(),
                    [&key](const InstalledDevice& device) { return device.settings.key == key; })) {
      continue;
    }
    fmt::print(stderr, "{}: {} has no usable device \"{}\"\n", verb, installation.site.file, key);
    all = false;
  }
  return all;
}

}  // namespace fettle::commands
