#include "doctor/ttys.hpp"

#include "doctor/files.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace fettle::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "usb:";

std::string in_lower_case(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// What a program does to ports that are not its own, and how to stop it.
struct Intruder {
  std::string_view name, remedy;
};

constexpr std::array<Intruder, 5> intruders{{
    {"ModemManager", "systemctl mask --now ModemManager"},
    {"agetty", "systemctl mask --now serial-getty@{}; and no console= for it on the kernel's command line"},
    {"brltty", "apt-get purge brltty: it takes some USB adapters for a Braille display"},
    {"gpsd", "systemctl disable --now gpsd gpsd.socket"},
    {"mbpoll", "end it: only one master may be on a line"},
}};

}  // namespace

std::string UsbTty::id() const {
  return fmt::format("{}{}:{}{}{}", prefix, vendor, product, serial.empty() ? "" : ":", serial);
}

bool UsbTty::is_meant_by(std::string_view usb_id) const {
  const auto wanted = in_lower_case(usb_id), own = in_lower_case(id());
  const auto without_serial = in_lower_case(fmt::format("{}{}:{}", prefix, vendor, product));
  return wanted == own || wanted == without_serial;
}

std::vector<UsbTty> usb_ttys(const Roots& roots) {
  std::vector<UsbTty> ttys;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{roots.sys / "class/tty", error}) {
    // The terminal's device lies some folders below that of the USB device, which has the numbers.
    auto place = fs::canonical(entry.path() / "device", error);
    if (error) continue;
    for (; place.has_relative_path(); place = place.parent_path()) {
      if (!fs::exists(place / "idVendor", error)) continue;
      ttys.push_back({entry.path().filename().string(), first_line_of(place / "idVendor"),
                      first_line_of(place / "idProduct"), first_line_of(place / "serial")});
      break;
    }
  }
  std::sort(ttys.begin(), ttys.end(), [](const UsbTty& left, const UsbTty& right) { return left.name < right.name; });
  return ttys;
}

std::string stable_name(const fs::path& port, const Roots& roots) {
  for (const auto* const folder : {"serial/by-id", "serial/by-path"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{roots.dev / folder, error}) {
      std::error_code gone;
      if (fs::equivalent(entry.path(), port, gone)) return entry.path().string();
    }
  }
  return {};
}

std::vector<Holder> holders_of(const fs::path& file, const Roots& roots) {
  std::vector<Holder> holders;
  std::error_code error;
  const auto wanted = fs::canonical(file, error);
  if (error) return holders;
  for (const auto& process : fs::directory_iterator{roots.proc, error}) {
    const auto name = process.path().filename().string();
    int number = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), number).ec != std::errc{}) continue;
    std::error_code hidden;
    for (const auto& open : fs::directory_iterator{process.path() / "fd", hidden}) {
      std::error_code gone;
      if (fs::read_symlink(open.path(), gone) != wanted) continue;
      holders.push_back({number, first_line_of(process.path() / "comm")});
      break;
    }
  }
  return holders;
}

std::string remedy_against(std::string_view program, std::string_view port) {
  const auto* const known = std::find_if(intruders.begin(), intruders.end(),
                                         [program](const Intruder& each) { return each.name == program; });
  if (known == intruders.end()) return {};
  std::string remedy{known->remedy};
  if (const auto gap = remedy.find("{}"); gap != std::string::npos) remedy.replace(gap, 2, port);
  return remedy;
}

}  // namespace fettle::doctor
