#include "modbus/scan_hints.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace fettle::modbus {

using acquisition::FoundDevice;

namespace {

bool is_poor(const FoundDevice& device) {
  constexpr double tolerable = 0.02;
  const auto& quality = device.quality;
  return quality.requests > 0 &&
         static_cast<double>(quality.malformed) > tolerable * static_cast<double>(quality.requests);
}

}  // namespace

std::vector<std::string> serial_hints(const SweepCount& sweep, const std::vector<FoundDevice>& devices) {
  std::vector<std::string> hints;
  if (sweep.present == 0 && sweep.garbled > 0) {
    hints.emplace_back(
        "there is only noise: A and B may be swapped, or parity or baud rate be another one (try --baud and --parity, "
        "or --full)");
  } else if (sweep.present == 0) {
    hints.emplace_back(
        "nothing answers: check that the devices have power, that A and B are not swapped, that baud rate and parity "
        "are "
        "those of the devices' menus (--baud, --parity), and that the adapter is the right one");
  }
  const auto poor = std::count_if(devices.begin(), devices.end(), is_poor);
  if (poor > 1) {
    hints.emplace_back(
        "wrong check sums at several units: look at the termination (120 ohm at both ends, and nowhere else), the "
        "shield "
        "(earthed at one end) and stubs");
  }
  for (const auto& device : devices) {
    if (poor == 1 && is_poor(device)) {
      hints.push_back(fmt::format("wrong check sums only at {}: another device with the same number, or its own wiring",
                                  device.where));
    }
  }
  return hints;
}

std::string traffic_text(const Traffic& traffic, const std::string& rate) {
  if (traffic.bytes == 0) return {};
  if (traffic.has_master()) {
    return fmt::format("another master speaks here at {} ({} frames, units {})", rate, traffic.frames,
                       fmt::join(traffic.units, ", "));
  }
  return fmt::format("{} bytes came at {} that nobody asked for, without a good frame", traffic.bytes, rate);
}

Duration timeout_for(const std::vector<FoundDevice>& devices) {
  constexpr double times = 4, step = 50, least = 200;  // a long answer may take longer to begin than the short ones
  double slowest = 0;
  for (const auto& device : devices) slowest = std::max(slowest, device.quality.latency_p95);
  const auto wanted = std::max(least, std::ceil(times * slowest / step) * step);
  return Duration{static_cast<Duration::rep>(wanted)};
}

}  // namespace fettle::modbus
