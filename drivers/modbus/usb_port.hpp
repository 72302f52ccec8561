#pragma once

#include "core/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace fettle::modbus {

/// An adapter by what it is instead of where it is plugged in: "usb:0403:6001" or, where there are several, "usb:0403:6001:A50285BI".
struct UsbId {
  std::string vendor, product;  ///< four hexadecimal digits each, as `lsusb` prints them
  std::string serial;           ///< empty: any
};

/// Nothing if the text does not begin with "usb:"; an Error if what follows is no such id.
std::optional<Result<UsbId>> parse_usb_id(std::string_view text);

/// Where the kernel lists its terminals, and where they can be opened.
struct TerminalFolders {
  std::string listed = "/sys/class/tty", opened = "/dev";
};

/// The serial port of the adapter, such as "/dev/ttyUSB0". Fault::offline if none is plugged in, or several that fit.
Result<std::string> find_usb_port(const UsbId& id, const TerminalFolders& folders = {});

}  // namespace fettle::modbus
