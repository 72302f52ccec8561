#include "doctor/baud.hpp"
#include "doctor/check.hpp"
#include "doctor/files.hpp"
#include "doctor/ttys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <charconv>

namespace fettle::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view usb = "usb:";
constexpr unsigned usual_baud = 9600, usual_baud_of_mbus = 2400;

constexpr mode_t for_group = 0060;  ///< reading and writing

/// What a bus wants of a serial port.
struct Wanted {
  std::string bus, port;
  unsigned baud = usual_baud;
};

/// Any bus with a port that is a name instead of a number, whatever its driver.
std::vector<Wanted> wanted_ports(const Installation& installation) {
  std::vector<Wanted> wanted;
  for (const auto& bus : installation.site.buses) {
    const auto port = bus.node["port"].scalar();
    if (bus.node["host"] || (!port.starts_with('/') && !port.starts_with(usb))) continue;
    Wanted one{bus.key, port, bus.driver == "mbus" ? usual_baud_of_mbus : usual_baud};
    const auto baud = bus.node["baud"].scalar();
    std::from_chars(baud.data(), baud.data() + baud.size(), one.baud);
    wanted.push_back(one);
  }
  return wanted;
}

std::string what_is_there(const std::vector<UsbTty>& ttys) {
  std::vector<std::string> names;
  for (const auto& tty : ttys) names.push_back(fmt::format("{} (/dev/{})", tty.id(), tty.name));
  return names.empty() ? "no USB adapter is plugged in" : fmt::format("plugged in: {}", fmt::join(names, ", "));
}

/// The port of a bus, or what is wrong with its name.
struct Place {
  fs::path port;
  std::optional<Diagnosis> trouble = std::nullopt;
};

Place find(const Wanted& wanted, const Roots& roots) {
  const auto about = "port of " + wanted.bus;
  const auto ttys = usb_ttys(roots);
  if (wanted.port.starts_with(usb)) {
    std::vector<std::string> found;
    for (const auto& tty : ttys) {
      if (tty.is_meant_by(wanted.port)) found.push_back(tty.name);
    }
    if (found.size() == 1) return {roots.dev / found.front()};
    if (found.empty())
      return {{}, Diagnosis{Grade::problem, about, "no adapter " + wanted.port, "plug it in; " + what_is_there(ttys)}};
    return {{},
            Diagnosis{Grade::problem, about,
                      fmt::format("several adapters are {}: {}", wanted.port, fmt::join(found, ", ")),
                      "add the serial number; " + what_is_there(ttys)}};
  }
  std::error_code error;
  if (fs::exists(wanted.port, error)) return {wanted.port};
  return {{},
          Diagnosis{Grade::problem, about, wanted.port + " is not there",
                    "check the plug and the name (ls -l /dev/serial/by-id); " + what_is_there(ttys)}};
}

Diagnosis check_rights(const Wanted& wanted, const fs::path& port) {
  const auto about = "port of " + wanted.bus;
  const auto user = agent_user();
  const auto ownership = ownership_of(port);
  if (ownership && may_read_and_write(user, *ownership))
    return {Grade::ok, about, fmt::format("{} can be used by the user {}", port.string(), user.name)};
  const auto text = fmt::format("{} cannot be used by the user {}", port.string(), user.name);
  constexpr std::string_view of_ports = "dialout";
  const auto group = ownership ? name_of_group(ownership->group) : std::string{of_ports};
  const bool is_for_group = !ownership || (ownership->group != 0 && (ownership->mode & for_group) == for_group);
  if (!is_for_group) {
    return {
        Grade::problem, about, text,
        fmt::format("chgrp {0} {1}; chmod g+rw {1}; usermod -aG {0} {2}; systemctl restart fettle (a udev rule with "
                    "GROUP=\"{0}\", MODE=\"0660\" keeps it so)",
                    of_ports, port.string(), user.name)};
  }
  return {Grade::problem, about, text, fmt::format("usermod -aG {} {}; systemctl restart fettle", group, user.name)};
}

/// "/dev/ttyUSB0" is whatever was plugged in first.
std::optional<Diagnosis> check_name(const Wanted& wanted, const Roots& roots) {
  const auto name = fs::path{wanted.port}.filename().string();
  if (!name.starts_with("ttyUSB") && !name.starts_with("ttyACM")) return std::nullopt;
  if (fs::path{wanted.port}.parent_path() != roots.dev) return std::nullopt;
  auto stable = stable_name(wanted.port, roots);
  for (const auto& tty : usb_ttys(roots)) {
    if (stable.empty() && tty.name == name) stable = tty.id();
  }
  return Diagnosis{Grade::warning, "port of " + wanted.bus, wanted.port + " may be another adapter after the next boot",
                   stable.empty() ? "give it a name of its own with a udev rule" : "port: " + stable};
}

/// Only a port that nobody has is tried.
Diagnosis check_use(const Wanted& wanted, const fs::path& port, const Patient& patient) {
  const auto about = "port of " + wanted.bus;
  const auto holders = holders_of(port, patient.roots);
  const auto* const bus = patient.bus(wanted.bus);
  const auto is_agent = [](const Holder& each) { return each.name == "fettle"; };
  const auto stranger = std::find_if_not(holders.begin(), holders.end(), is_agent);
  if (stranger != holders.end()) {
    const auto remedy = remedy_against(stranger->name, port.filename().string());
    return {Grade::problem, about,
            fmt::format("{} is held by {} (process {})", port.string(), stranger->name, stranger->process),
            remedy.empty() ? "end it: two programs cannot share a line" : remedy};
  }
  if (!holders.empty() && bus == nullptr) {
    return {Grade::problem, about,
            fmt::format("{} is held by another fettle (process {})", port.string(), holders.front().process),
            "end it, or give its store to this site file"};
  }
  if (bus != nullptr) return {Grade::ok, about, "held by the running agent; not opened"};
  if (const auto trouble = trouble_with_baud(port, wanted.baud); !trouble.empty())
    return {Grade::problem, about, fmt::format("{} {}", port.string(), trouble),
            "another adapter, another baud rate, or end whoever holds it (as root: fuser -v " + port.string() + ")"};
  return {Grade::ok, about, fmt::format("free, and does {} baud", wanted.baud)};
}

std::vector<Diagnosis> check_ports(const Patient& patient) {
  std::vector<Diagnosis> found;
  if (!patient.installation) return found;
  for (const auto& wanted : wanted_ports(*patient.installation)) {
    const auto place = find(wanted, patient.roots);
    if (place.trouble) {
      found.push_back(*place.trouble);
      continue;
    }
    found.push_back(check_rights(wanted, place.port));
    if (auto name = check_name(wanted, patient.roots)) found.push_back(*name);
    found.push_back(check_use(wanted, place.port, patient));
  }
  return found;
}

const Registration<DoctorCheck> entry{"ports", "Serial ports: there, allowed, by a name that stays, free, quick enough",
                                      check_ports};

}  // namespace
}  // namespace fettle::doctor
