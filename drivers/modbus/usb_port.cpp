#include "modbus/usb_port.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

namespace fettle::modbus {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "usb:";
constexpr std::size_t digits = 4;

bool is_code(std::string_view text) {
  return text.size() == digits &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::string first_line(const fs::path& file) {
  std::ifstream stream{file};
  std::string line;
  std::getline(stream, line);
  return line;
}

bool is_same(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

/// The terminal's device lies some folders below that of the USB device, which has the numbers.
bool belongs_to(const fs::path& terminal, const UsbId& id) {
  std::error_code error;
  for (auto place = fs::canonical(terminal / "device", error); !error && place.has_relative_path();
       place = place.parent_path()) {
    if (!fs::exists(place / "idVendor", error)) continue;
    return is_same(first_line(place / "idVendor"), id.vendor) && is_same(first_line(place / "idProduct"), id.product) &&
           (id.serial.empty() || first_line(place / "serial") == id.serial);
  }
  return false;
}

}  // namespace

std::optional<Result<UsbId>> parse_usb_id(std::string_view text) {
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  UsbId id;
  id.vendor = text.substr(0, text.find(':'));
  text.remove_prefix(std::min(text.size(), id.vendor.size() + 1));
  id.product = text.substr(0, text.find(':'));
  text.remove_prefix(std::min(text.size(), id.product.size() + 1));
  id.serial = text;
  if (is_code(id.vendor) && is_code(id.product)) return id;
  return Result<UsbId>{
      failure(Fault::malformed, "write usb:VENDOR:PRODUCT as lsusb shows them, such as usb:0403:6001")};
}

Result<std::string> find_usb_port(const UsbId& id, const TerminalFolders& folders) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folders.listed, error}) {
    if (belongs_to(entry.path(), id)) found.push_back(folders.opened + "/" + entry.path().filename().string());
  }
  std::sort(found.begin(), found.end());
  const auto name = fmt::format("{}:{}{}{}", id.vendor, id.product, id.serial.empty() ? "" : ":", id.serial);
  if (found.empty()) return failure(Fault::offline, fmt::format("no USB adapter {} is plugged in", name));
  if (found.size() == 1) return found.front();
  return failure(Fault::offline, fmt::format("several USB adapters are {} ({}); write the serial number as well", name,
                                             fmt::join(found, ", ")));
}

}  // namespace fettle::modbus
