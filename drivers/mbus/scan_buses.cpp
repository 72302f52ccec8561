#include "core/endpoint.hpp"
#include "core/registry.hpp"
#include "mbus/scan_line.hpp"

#include <fmt/format.h>

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

ScanFindings scan_serial(const ScanOrder& order, const acquisition::ScanWatch& watch) {
  LineSettings settings;
  settings.port = order.place;
  settings.parity = parity_of(order);
  return scan_line(order, watch, settings, make_wire);
}

ScanFindings scan_tcp(const ScanOrder& order, const acquisition::ScanWatch& watch) {
  LineSettings settings;
  const auto converter = parse_endpoint(order.place, settings.tcp_port);
  if (!converter) {
    ScanFindings findings;
    findings.failure = failure(Fault::offline, fmt::format("\"{}\" is no HOST or HOST:PORT", order.place));
    return findings;
  }
  settings.host = converter->host;
  settings.tcp_port = converter->port;
  return scan_line(order, watch, settings, make_wire);
}

const Registration<acquisition::Scanner> serial_entry{
    "mbus-serial", "M-Bus on a level converter at a serial port, such as /dev/ttyUSB0", scan_serial};
const Registration<acquisition::Scanner> tcp_entry{"mbus-tcp",
                                                   "M-Bus behind a network converter, usually at port 10001", scan_tcp};

}  // namespace
}  // namespace fettle::mbus
