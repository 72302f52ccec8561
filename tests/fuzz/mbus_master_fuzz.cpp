// Whatever happens on an M-Bus, its master gives up in time, and a meter on it has a finite value or a reason for every point.

#include "hostile_wire.hpp"

#include "mbus/device.hpp"
#include "mbus/master.hpp"
#include "settings/node.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace {

using namespace fettle;
using namespace fettle::mbus;
using fuzz::HostileWire;
using fuzz::Script;
using namespace std::chrono_literals;

constexpr std::uint8_t acknowledgement = 0xE5, response = 0x08, variable = 0x72;

/// A greeting and a selection are confirmed; a question is answered with a header and whatever records the fuzzer thinks of.
fuzz::Bytes answer_to(ByteSpan question, Script& script) {
  const bool is_short = question.size() == 5;
  if (!is_short || question[1] == control::reset) return {acknowledgement};
  const auto ci = script.take() % 8 == 7 ? script.take() : variable;
  return long_frame(response, script.take() % 8 == 7 ? script.take() : question[2], ci,
                    script.take(script.take() % 200));
}

const acquisition::DeviceProfile& profile() {
  static const auto profile = [] {
    settings::Mistakes mistakes;
    auto read = acquisition::read_device_profile(
        settings::load_file(FETTLE_SOURCE_DIR "/config/devices/generic_heat_meter_mbus.yaml", mistakes), mistakes);
    if (!mistakes.empty()) std::abort();
    return read;
  }();
  return profile;
}

Device meter_at(const Address& address, Master& master) {
  static const auto records = [] {
    settings::Mistakes mistakes;
    return read_profile(profile(), mistakes);
  }();
  std::vector<std::string> names;
  for (const auto& point : profile().points) names.push_back(point.name);
  return {"meter", address, names, records, master};
}

void read(Device& meter) {
  std::vector<Reading> readings(profile().points.size());
  const auto good = meter.read(readings);
  for (const auto& reading : readings) {
    if (reading.is_good() != (reading.reason == Reason::none)) std::abort();
    if (reading.is_good() && (!good || !std::isfinite(reading.value))) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  spdlog::set_level(spdlog::level::off);
  Script script{{bytes, size}};
  HostileWire wire{script, answer_to};
  Master master{wire, LinkTiming::of(2400, 100ms), 2};
  std::array<Device, 2> meters{meter_at(std::uint8_t{5}, master), meter_at(*parse_secondary("06855817"), master)};
  for (int turn = 0; turn < 20 && !script.is_over(); ++turn) {
    const auto begin = wire.now();
    read(meters.at(script.take() % 2));
    // At most 32 telegrams of a second and a half each, asked for three times.
    if (wire.now() - begin > 300s) std::abort();
  }
  return 0;
}
