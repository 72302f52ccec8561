#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include "plants/modbus_server.hpp"
#include "plants/plant_room.hpp"

namespace fettle::plants {
namespace {

namespace json = boost::json;
using Steady = std::chrono::steady_clock;

struct Options {
  unsigned short port = 0;
  double speed = 1;
  std::string start = "2026-06-01T00:00:00Z";
  std::uint64_t seed = 1;
  int days = 0;
  std::string truth;
};

/// The machines on the same simulated clock as their master: START when it first asks, then START + X x elapsed.
class Life {
 public:
  Life(const Options& options, Time start)
      : start_{start}, speed_{options.speed}, days_{options.days}, room_{start, options.seed}, truth_{options.truth} {}

  /// Brings all machines to the present, and reports each day and each failure on the way.
  void go_on() {
    if (!first_request_) first_request_ = Steady::now();
    const std::chrono::duration<double, std::milli> elapsed = Steady::now() - *first_request_;
    const Time present = start_ + Duration{static_cast<Duration::rep>(elapsed.count() * speed_)};
    while (room_.now() + std::chrono::minutes{1} <= present && !is_over()) {
      room_.advance(std::min(present, start_ + Days{day_ + 1}));
      report_failures();
      if (room_.now() >= start_ + Days{day_ + 1}) report_day();
    }
  }

  bool is_over() const { return days_ > 0 && day_ >= days_; }

  std::vector<Value> values_of(std::string_view device) const {
    const auto residents = room_.residents();
    const auto own =
        std::find_if(residents.begin(), residents.end(), [device](const auto& each) { return each.device == device; });
    return own->machine->values();
  }

 private:
  void report_day() {
    ++day_;
    json::array machines;
    for (const auto& resident : room_.residents()) {
      const auto truth = resident.machine->truth();
      machines.push_back({{"asset", resident.asset},
                          {"condition", truth.condition},
                          {"failed", truth.failed_at.has_value()},
                          {"title", truth.title},
                          {"value", truth.value},
                          {"limit", truth.limit},
                          {"unit", truth.unit}});
    }
    say(std::cout, {{"day", day_}, {"time", to_rfc3339(room_.now())}, {"machines", machines}});
  }

  void report_failures() {
    for (const auto& resident : room_.residents()) {
      const auto failed_at = resident.machine->truth().failed_at;
      if (!failed_at || !reported_.insert(resident.asset).second) continue;
      const json::object failure{{"failure",
                                  {{"asset", resident.asset},
                                   {"mode", resident.mode},
                                   {"fault", resident.fault},
                                   {"at", to_rfc3339(*failed_at)}}}};
      say(std::cout, failure);
      if (truth_.is_open()) say(truth_, failure);
    }
  }

  static void say(std::ostream& out, const json::object& line) { out << json::serialize(line) << '\n' << std::flush; }

  Time start_;
  double speed_;
  int days_;
  PlantRoom room_;
  std::ofstream truth_;
  std::optional<Steady::time_point> first_request_;
  int day_ = 0;
  std::set<std::string> reported_;
};

/// A field bus in a real building: now and then a gateway times out, a sensor drops out, a request is lost.
class Mishaps {
 public:
  explicit Mishaps(std::uint64_t seed) : noise_{seed} {}

  Answer befall(const DeviceFace& face, std::span<std::uint16_t> registers) {
    const double dice = noise_.uniform();
    if (dice < lost) return Answer::silence;
    if (dice < lost + timed_out) return Answer::gateway_target_failed;
    if (dice < lost + timed_out + broken_sensor) {
      const auto which = static_cast<std::size_t>(noise_.uniform() * static_cast<double>(face.cells.size()));
      write_sensor_fault(face.cells[std::min(which, face.cells.size() - 1)], registers);
    }
    return Answer::registers;
  }

 private:
  // A lost request costs the master a whole timeout of real time, which is hours of a fast simulated clock; so they are rare.
  static constexpr double lost = 0.00003;
  static constexpr double timed_out = 0.001;
  static constexpr double broken_sensor = 0.001;

  Noise noise_;
};

int serve(const Options& options) {
  const auto start = parse_rfc3339(options.start);
  if (!start) {
    fmt::print(stderr, "plant: --start {} is not a time (try 2026-06-01T00:00:00Z)\n", options.start);
    return EXIT_FAILURE;
  }
  Life life{options, *start};
  Mishaps mishaps{options.seed};
  ModbusServer server{options.port, device_faces()};
  std::cout << "ready" << std::endl;
  const auto prepare = [&life, &mishaps](const DeviceFace& face, std::span<std::uint16_t> registers) {
    life.go_on();
    write(face, life.values_of(face.device), registers);
    return mishaps.befall(face, registers);
  };
  server.serve(prepare, [&life] { return life.is_over(); });
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace fettle::plants

int main(int argc, char** argv) {
  fettle::plants::Options options;
  CLI::App app{"The machines of config/site.example.yaml as simulated plants behind Modbus TCP, on 127.0.0.1"};
  app.add_option("--port", options.port, "TCP port to listen on")->required();
  app.add_option("--speed", options.speed, "how many times faster than life")->check(CLI::PositiveNumber);
  app.add_option("--start", options.start, "the simulated time at which the first request finds it");
  app.add_option("--seed", options.seed, "the same seed gives the same life");
  app.add_option("--days", options.days, "simulated days after which it ends; 0: never")->check(CLI::NonNegativeNumber);
  app.add_option("--truth", options.truth, "file that gets a line for each functional failure");
  CLI11_PARSE(app, argc, argv);
  try {
    return fettle::plants::serve(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "plant: port {}: {}\n", options.port, error.what());
    return EXIT_FAILURE;
  }
}
