// The same agent with ever more points: each point must cost what it did among few.
#include "field/measured.hpp"
#include "field/modbus_units.hpp"
#include "field/site.hpp"
#include "support/mosquitto.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle::bench {
namespace {

constexpr std::size_t registers_a_request = 100;
constexpr double tolerance = 1.5;
constexpr double most_written = 1;  // MB: the history of the quarters of an hour is due later, or once

struct Step {
  std::size_t points = 0;
  Measured judged, plain;
};

Measured measure_points(std::size_t points, bool is_judged, const Spans& spans) {
  const ModbusUnits units{std::max<std::size_t>(1, points / registers_a_request)};
  const test::Mosquitto broker;
  BrokerEar ear{broker.port(), telemetry_filter};
  SitePlan plan;
  plan.servers = units.ports();
  plan.registers = std::min(points, registers_a_request);
  plan.broker = broker.port();
  plan.is_judged = is_judged;
  const RunningSite agent{plan};
  return measure(agent.pid(), ear, spans, read_telemetry);
}

void print(const Step& step) {
  const auto& [points, judged, plain] = step;
  const auto kilobytes = 1024 * (judged.end.anonymous - plain.end.anonymous) / static_cast<double>(points);
  fmt::print("  {:>6} {:>10} {:>9.2f} {:>11.2f} {:>8.1f} {:>8.1f} {:>10.1f} {:>12.2f} {:>8} {:>10.2f}\n", points,
             judged.readings, judged.cpu, judged.microseconds_a_reading(), judged.end.rss, plain.end.rss,
             plain.end.anonymous, kilobytes, judged.end.threads, judged.written);
}

/// What `more` points cost each, against what they cost each when there were fewer.
double ratio(const Step& few, const Step& many, double (*of)(const Measured&)) {
  return of(many.judged) / of(few.judged);
}

/// Bytes that each point added between two steps.
double slope(const Step& few, const Step& many) {
  return (many.judged.end.anonymous - few.judged.end.anonymous) / static_cast<double>(many.points - few.points);
}

}  // namespace

void measure_growth(const Spans& spans, Targets& targets) {
  fmt::print(
      "\nGrowth: servers of 100 registers (one of 10 for 10 points) at 1 s, one bus and thread a server, telemetry and "
      "store "
      "on; {} s "
      "after {} s of warm-up.\n'judged': each point is an indicator that is judged once a minute; 'plain': none is.\n",
      spans.measured.count(), spans.warm_up.count());
  fmt::print("  {:>6} {:>10} {:>9} {:>11} {:>8} {:>8} {:>10} {:>12} {:>8} {:>10}\n", "points", "readings", "CPU s",
             "us/reading", "RSS MB", "plain MB", "anonymous", "kB a judged", "threads", "MB written");
  std::vector<Step> steps;
  for (const std::size_t points : {10U, 100U, 1'000U, 10'000U}) {
    steps.push_back({points, measure_points(points, true, spans), measure_points(points, false, spans)});
    print(steps.back());
  }
  const auto cost = [](const Measured& measured) { return measured.microseconds_a_reading(); };
  const auto wanted = static_cast<double>(steps.back().points) * static_cast<double>(spans.measured.count());
  targets.at_least("share of the readings of 10,000 points that arrived",
                   static_cast<double>(steps.back().judged.readings) / wanted, 0.98);
  targets.at_most("CPU per reading of 10,000 points against 1,000", ratio(steps[2], steps[3], cost), tolerance);
  targets.at_most("MB written to disk with 10,000 points while measured", steps.back().judged.written, most_written);
  targets.at_most("CPU per reading of 1,000 points against 100", ratio(steps[1], steps[2], cost), tolerance);
  targets.at_most("memory that a point adds from 1,000 to 10,000 against from 100 to 1,000",
                  slope(steps[2], steps[3]) / slope(steps[1], steps[2]), tolerance);
}

}  // namespace fettle::bench
