// The same registers, servers and broker for this agent, collectd and Node-RED, one after the other.
#include "field/modbus_units.hpp"
#include "field/rivals.hpp"
#include "field/site.hpp"
#include "support/mosquitto.hpp"

#include <fmt/format.h>

namespace fettle::bench {
namespace {

constexpr std::size_t servers = 50, registers = 100;

std::string first_line_of(const std::vector<std::string>& command) {
  test::Child child{command};
  return child.read_line(std::chrono::seconds{10}).value_or("?");
}

void print(const std::string& name, const Measured& one, const Spans& spans) {
  const auto wanted = servers * registers * static_cast<std::size_t>(spans.measured.count());
  fmt::print("  {:<22} {:>9} {:>6.1f} {:>8} {:>9} {:>8.2f} {:>10.2f} {:>8.1f} {:>8.1f} {:>9.1f} {:>8}\n", name,
             one.readings, 100.0 * static_cast<double>(one.readings) / static_cast<double>(wanted), one.repeated,
             one.messages, one.cpu, one.microseconds_a_reading(), one.end.rss, one.end.pss, one.end.anonymous,
             one.end.threads);
}

Measured measure_ours(const ModbusUnits& units, const test::Mosquitto& broker, bool is_judged, const Spans& spans) {
  BrokerEar ear{broker.port(), telemetry_filter};
  SitePlan plan;
  plan.servers = units.ports();
  plan.registers = registers;
  plan.broker = broker.port();
  plan.is_judged = is_judged;
  const RunningSite agent{plan};
  return measure(agent.pid(), ear, spans, read_telemetry);
}

Measured measure_rival(test::Child& rival, const test::Mosquitto& broker, const char* filter, const Spans& spans,
                       const Reader& read) {
  BrokerEar ear{broker.port(), filter};
  const auto measured = measure(rival.pid(), ear, spans, read);
  if (measured.readings == 0) fmt::print("  nothing came; it said:\n{}\n", rival.output());
  return measured;
}

}  // namespace

void measure_peers(const Spans& spans, Targets& targets) {
  const ModbusUnits units{servers};
  const test::Mosquitto broker;
  const std::filesystem::path installed{FETTLE_NODERED};
  const Task task{units.ports(), registers, broker.port()};
  fmt::print(
      "\nPeers: {} holding registers from each of {} Modbus TCP servers at 1 s, QoS 1 into one mosquitto; {} s each "
      "after {} s of "
      "warm-up, one after the other.\nA reading counts when it arrived at the broker with a value that had not come "
      "before. "
      "Versions: {}, {}, {}, {}\n",
      registers, servers, spans.measured.count(), spans.warm_up.count(), first_line_of({FETTLE_BINARY, "--version"}),
      version_of_collectd(), version_of_nodered(installed), first_line_of({"mosquitto", "-h"}));
  fmt::print("  {:<22} {:>9} {:>6} {:>8} {:>9} {:>8} {:>10} {:>8} {:>8} {:>9} {:>8}\n", "", "readings", "%", "repeated",
             "messages", "CPU s", "us/reading", "RSS MB", "PSS MB", "anonymous", "threads");
  const auto judged = measure_ours(units, broker, true, spans);
  print("fettle", judged, spans);
  const auto plain = measure_ours(units, broker, false, spans);
  print("fettle, nothing judged", plain, spans);
  const test::TempDir collectd_folder, nodered_folder;
  const auto collectd = [&] {
    auto rival = start_collectd(collectd_folder, task);
    return measure_rival(rival, broker, "collectd/#", spans, read_collectd);
  }();
  print("collectd", collectd, spans);
  const auto nodered = [&] {
    auto rival = start_nodered(nodered_folder, installed, task);
    return measure_rival(rival, broker, "nodered/#", spans, read_nodered);
  }();
  print("Node-RED", nodered, spans);

  const auto detector_state = judged.end.rss - plain.end.rss;
  fmt::print(
      "  CPU per reading against collectd {:.2f}, against Node-RED {:.2f}; state of {} detectors and forecasters "
      "{:.1f} MB, {:.2f} "
      "kB each\n",
      judged.microseconds_a_reading() / collectd.microseconds_a_reading(),
      judged.microseconds_a_reading() / nodered.microseconds_a_reading(), servers * registers, detector_state,
      1024 * detector_state / (servers * registers));
  targets.at_most("CPU per reading against collectd",
                  judged.microseconds_a_reading() / collectd.microseconds_a_reading(), 0.5);
  targets.at_most("resident MB without the state of detectors", judged.end.rss - detector_state, 12);
  targets.at_least("share of all readings that arrived",
                   static_cast<double>(judged.readings) / static_cast<double>(servers * registers) /
                       static_cast<double>(spans.measured.count()),
                   0.98);
}

}  // namespace fettle::bench
