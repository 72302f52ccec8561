#include "plants/stage.hpp"

#include <fmt/format.h>
#include <fstream>
#include <stdexcept>

namespace fettle::plants {
namespace {

constexpr std::chrono::seconds patience{10};

}  // namespace

Stage::Stage(const StageOptions& options)
    : subscriber_{start_subscriber()}, plant_{start_plant(options)}, agent_{start_agent(options)} {}

test::Child Stage::start_subscriber() const {
  return test::Child{{"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-q", "1", "-t",
                      "fettle/v1/#", "-F", "%t %p"}};
}

test::Child Stage::start_plant(const StageOptions& options) const {
  test::Child plant{{options.plant, "--port", plant_port_, "--speed", fmt::format("{}", options.speed), "--start",
                     options.start, "--seed", std::to_string(options.seed), "--days", std::to_string(options.days)}};
  if (!plant.wait_for_line("ready", patience)) throw std::runtime_error{"the plant does not start:\n" + plant.output()};
  return plant;
}

test::Child Stage::start_agent(const StageOptions& options) const {
  return test::Child{
      {options.agent, "run", "-c", options.site, "--speed", fmt::format("{}@{}", options.speed, options.start)},
      {{{"FETTLE_BROKER", fmt::format("127.0.0.1:{}", broker_.port())},
        {"FETTLE_PLANT_HOST", "127.0.0.1"},
        {"FETTLE_PLANT_PORT", plant_port_},
        {"FETTLE_STORE", folder_.file("store")}},
       {}}};
}

std::optional<long> Stage::agent_memory() const {
  std::ifstream status{fmt::format("/proc/{}/status", agent_.pid())};
  for (std::string word; status >> word;) {
    long kilobytes = 0;
    if (word == "VmRSS:" && status >> kilobytes) return kilobytes;
  }
  return std::nullopt;
}

}  // namespace fettle::plants
