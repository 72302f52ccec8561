#pragma once

#include "agent_status.hpp"
#include "delivery/broker_settings.hpp"
#include "delivery/clock_sync.hpp"
#include "delivery/tls_visit.hpp"
#include "installation.hpp"
#include "store/history_settings.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace fettle {

/// Of the installed service: the site file that it reads, what makes the list of devices that it may open, and that list.
struct ServiceFiles {
  std::filesystem::path site = "/etc/fettle/site.yaml";
  std::filesystem::path generator = "/usr/lib/systemd/system-generators/fettle";
  std::filesystem::path devices = "/run/systemd/generator/fettle.service.d/devices.conf";
};

/// What carries out updates from afar: that systemd looks for requests, the keys that packages are signed with, and the package to go back to.
struct UpdateFiles {
  std::filesystem::path enabled = "/etc/systemd/system/paths.target.wants/fettle-update.path";
  std::filesystem::path keys = "/etc/fettle/update.gpg";
  std::filesystem::path current = "/var/lib/fettle-update/current.deb";
};

/// Where a system is looked at: its own folders, or a test's.
struct Roots {
  std::filesystem::path proc = "/proc", sys = "/sys", dev = "/dev", zones = "/usr/share/zoneinfo";
  std::filesystem::path credentials = "/etc/fettle/credentials";
  delivery::ClockFiles clock = {};
  ServiceFiles service = {};
  UpdateFiles updates = {};
};

/// A gateway that `fettle doctor` examines.
struct Patient {
  std::string site_file;
  std::optional<Installation> installation;  ///< nothing if the settings cannot be loaded at all
  settings::Mistakes mistakes;               ///< why
  std::optional<AgentStatus> agent;          ///< nothing if no agent answers on this site's store
  Time now{};
  Roots roots;

  /// As the running agent sees it; null if none runs, or none that polls this bus.
  const BusStatus* bus(const std::string& key) const;
};

/// Loads the settings and asks the agent; opens nothing.
Patient admit(const std::string& site_file);

}  // namespace fettle
