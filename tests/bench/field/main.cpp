// All the figures of the field, with their conditions: `./dev bench field [line|harness|peers|growth]...`. Ends with 1 if one of them is
// short of its target.
#include "field/interruption.hpp"
#include "field/parts.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/utsname.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace fettle::bench {
namespace {

using Part = void (*)(const Spans& spans, Targets& targets);
const std::vector<std::pair<std::string, Part>> parts{
    {"line", measure_line}, {"harness", measure_harness}, {"peers", measure_peers}, {"growth", measure_growth}};

std::string processor() {
  std::ifstream facts{"/proc/cpuinfo"};
  for (std::string line; std::getline(facts, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

/// What else the machine did: with much of it, figures of the serial line say nothing.
double load() {
  double last_minute = 0;
  getloadavg(&last_minute, 1);
  return last_minute;
}

void print_conditions() {
  utsname machine{};
  uname(&machine);
  fmt::print("Machine: {}, {} cores, Linux {} {}, load {:.2f} before the start\nBuild: {}, gcc {}; agent {}\n",
             processor(), std::thread::hardware_concurrency(), machine.release, machine.machine, load(),
             FETTLE_BUILD_TYPE, __VERSION__, FETTLE_BINARY);
}

int run(const std::vector<std::string>& wanted, const Spans& spans) {
  spdlog::set_level(spdlog::level::off);
  setvbuf(stdout, nullptr, _IOLBF, 0);
  print_conditions();
  Targets targets;
  for (const auto& [name, measure] : parts) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
    measure(spans, targets);
    fmt::print("  load of the last minute {:.2f}, the bench included\n", load());
  }
  return targets.summarise() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace fettle::bench

int main(int argc, char** argv) {
  using namespace fettle::bench;
  CLI::App app{"All the figures of the field, with their conditions."};
  std::vector<std::string> wanted, known;
  for (const auto& part : parts) known.push_back(part.first);
  Spans spans;
  int measured = static_cast<int>(spans.measured.count()), warm_up = static_cast<int>(spans.warm_up.count());
  int line = static_cast<int>(spans.line.count());
  app.add_option("part", wanted, "All if none is named")->check(CLI::IsMember(known));
  app.add_option("--measured", measured, "Seconds that a program is measured")
      ->check(CLI::Range(5, 300))
      ->capture_default_str();
  app.add_option("--warm-up", warm_up, "Seconds before")->check(CLI::Range(1, 120))->capture_default_str();
  app.add_option("--line", line, "Seconds for each case of the serial line")
      ->check(CLI::Range(5, 300))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  spans = {std::chrono::seconds{warm_up}, std::chrono::seconds{measured}, std::chrono::seconds{line}};
  try {
    hold_signals();
    return run(wanted, spans);
  } catch (const Interrupted&) {
    fmt::print(stderr, "interrupted\n");
    return 130;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench field: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
