#pragma once

#include "patient.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::doctor {

/// A serial port that a USB adapter gives, by what the adapter says about itself.
struct UsbTty {
  std::string name, vendor, product, serial;  ///< "ttyUSB0", "0403", "6001", "A50285BI"

  /// "usb:0403:6001:A50285BI"
  std::string id() const;
  /// True if this is one that "usb:0403:6001" means.
  bool is_meant_by(std::string_view usb_id) const;
};

/// All that are plugged in, by name.
std::vector<UsbTty> usb_ttys(const Roots& roots);

/// The names that stay the same for a port: its link under /dev/serial/by-id, or else by its place in /dev/serial/by-path; empty if it has none.
std::string stable_name(const std::filesystem::path& port, const Roots& roots);

/// A program that has a file open.
struct Holder {
  int process = 0;
  std::string name;
};

/// Those that this user may see; root sees all.
std::vector<Holder> holders_of(const std::filesystem::path& file, const Roots& roots);

/// How to make a well-known intruder leave serial ports alone; empty for a program that is none.
std::string remedy_against(std::string_view program, std::string_view port);

}  // namespace fettle::doctor
