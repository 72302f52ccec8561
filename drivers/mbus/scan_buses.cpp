#include "core/registry.hpp"
#include "mbus/scan_line.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace fettle::mbus {
namespace {

using acquisition::LinkParity;
using acquisition::ScanFindings;
using acquisition::ScanOrder;

modbus::Parity parity_of(const ScanOrder& order) {
  if (!order.parity) return modbus::Parity::even;
  switch (*order.parity) {
    case LinkParity::none: return modbus::Parity::none;
    case LinkParity::even: return modbus::Parity::even;
    case LinkParity::odd: return modbus::Parity::odd;
  }
  return modbus::Parity::even;
}

/// "host", "host:10001", "[::1]:10001"; false if that is none.
bool split(const std::string& place, LineSettings& settings) {
  const auto colon = place.rfind(':');
  const bool is_bare_address = place.find(':') != colon && !place.starts_with('[');  // of IPv6, without a port
  const bool has_port = colon != std::string::npos && !is_bare_address && !place.ends_with(']');
  settings.host = has_port ? place.substr(0, colon) : place;
  if (settings.host.starts_with('[') && settings.host.ends_with(']'))
    settings.host = settings.host.substr(1, settings.host.size() - 2);
  if (!has_port) return !settings.host.empty();
  const auto text = place.substr(colon + 1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), settings.tcp_port);
  return !settings.host.empty() && settings.tcp_port != 0 && error == std::errc{} && end == text.data() + text.size();
}

ScanFindings scan_serial(const ScanOrder& order, const acquisition::ScanWatch& watch) {
  LineSettings settings;
  settings.port = order.place;
  settings.parity = parity_of(order);
  return scan_line(order, watch, settings, make_wire);
}

ScanFindings scan_tcp(const ScanOrder& order, const acquisition::ScanWatch& watch) {
  LineSettings settings;
  if (split(order.place, settings)) return scan_line(order, watch, settings, make_wire);
  ScanFindings findings;
  findings.failure = failure(Fault::offline, fmt::format("\"{}\" is no HOST or HOST:PORT", order.place));
  return findings;
}

const Registration<acquisition::Scanner> serial_entry{
    "mbus-serial", "M-Bus on a level converter at a serial port, such as /dev/ttyUSB0", scan_serial};
const Registration<acquisition::Scanner> tcp_entry{"mbus-tcp",
                                                   "M-Bus behind a network converter, usually at port 10001", scan_tcp};

}  // namespace
}  // namespace fettle::mbus
