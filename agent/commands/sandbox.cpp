#include "sandbox.hpp"

#include "commands/command.hpp"

#include <fmt/format.h>

namespace fettle::commands {
namespace {

int print_sandbox(const std::string& site_file) {
  const auto allowed = allowed_devices(site_file);
  fmt::print("# The devices that {} names; made by `fettle sandbox`.\n[Service]\n", site_file);
  for (const auto& device : allowed) fmt::print("DeviceAllow={} rw\n", device);
  return exit_ok;
}

void add_sandbox(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  verb.footer(
      "A drop-in for fettle.service, which may open no device without it. The Debian package's systemd generator\n"
      "makes it at each boot and `systemctl daemon-reload`.");
  verb.callback([site_file, &exit_code] { exit_code = print_sandbox(*site_file); });
}

const Registration<Command> entry{"sandbox", "Print which devices systemd has to let the service open", add_sandbox};

}  // namespace
}  // namespace fettle::commands
