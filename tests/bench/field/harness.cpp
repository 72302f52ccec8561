// One healthy unit and five dead ones behind one TCP connection: what the dead cost the healthy one, and when they are found again.
#include "core/time.hpp"
#include "field/broker_ear.hpp"
#include "field/interruption.hpp"
#include "field/modbus_units.hpp"
#include "field/parts.hpp"
#include "field/site.hpp"
#include "support/mosquitto.hpp"

#include <fmt/format.h>
#include <cstdlib>
#include <map>
#include <set>

namespace fettle::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int healthy = 1;
constexpr int returning = 9;
constexpr std::chrono::milliseconds found_within{30'000};

/// What came of one device.
struct Course {
  std::set<std::string> moments;  ///< at which good values were read
  Steady::time_point first{};     ///< when the first good one came
};

struct Heard {
  std::map<std::string, Course> devices;
  std::chrono::milliseconds youngest{0}, oldest{0};  ///< at the time that a value carries
  std::size_t values = 0;
};

void take(Heard& heard, std::string_view document) {
  for (const auto& each : values_in(document)) {
    if (!each.value || each.quality != "good") continue;
    auto& course = heard.devices[each.device];
    if (course.moments.empty()) course.first = Steady::now();
    course.moments.insert(each.time);
    const auto number = static_cast<unsigned>(std::atoi(each.point.c_str() + 1));
    const auto age = ModbusUnits::age_of(static_cast<std::uint16_t>(*each.value), number, *parse_rfc3339(each.time));
    heard.youngest = std::min(heard.youngest, age);
    heard.oldest = std::max(heard.oldest, age);
    ++heard.values;
  }
}

}  // namespace

void measure_harness(const Spans& spans, Targets& targets) {
  fmt::print(
      "\nHarness: unit 1 answers, units 7 to 11 never, all six of 100 registers at 1 s behind one TCP connection, "
      "default "
      "settings; {} s after {} s of warm-up\n",
      spans.measured.count(), spans.warm_up.count());
  ModbusUnits units{1};
  const std::vector<int> dead{7, 8, returning, 10, 11};
  for (const int unit : dead) units.set_mute(static_cast<std::uint8_t>(unit), true);
  const test::Mosquitto broker;
  BrokerEar ear{broker.port(), telemetry_filter};
  SitePlan plan{units.ports(), 100, dead, broker.port()};
  plan.units.insert(plan.units.begin(), healthy);
  const RunningSite agent{plan};
  ear.listen(spans.warm_up, [](auto, auto) {});

  Heard heard;
  const auto note = [&heard](std::string_view, std::string_view document) { take(heard, document); };
  const auto asked = units.requests(healthy);
  ear.listen(spans.measured, note);
  const auto requests = static_cast<double>(units.requests(healthy) - asked);
  const auto fresh = static_cast<double>(heard.devices["s0u1"].moments.size());

  const auto returned = fmt::format("s0u{}", returning);
  units.set_mute(returning, false);
  const auto since = Steady::now();
  while (!heard.devices.contains(returned) && Steady::now() - since < found_within)
    ear.listen(std::chrono::seconds{1}, note);
  const bool found = heard.devices.contains(returned);
  const auto absent = found ? heard.devices[returned].first - since : Steady::duration{found_within};

  fmt::print("  values {}, at the time they carry between {} and {} ms old\n", heard.values, heard.youngest.count(),
             heard.oldest.count());
  const auto polls = static_cast<double>(spans.measured.count());
  targets.at_least(fmt::format("fresh samples of the healthy unit in {} s", spans.measured.count()), fresh, polls - 1);
  targets.at_most("requests a poll of 100 contiguous registers", requests / std::max(fresh, 1.0), 1.02);
  targets.at_most("seconds until a unit that returns is read", std::chrono::duration<double>(absent).count(), 10);
  targets.at_most("milliseconds between reading and the time that a value carries",
                  static_cast<double>(std::max(-heard.youngest, heard.oldest).count()), 250);
}

}  // namespace fettle::bench
