#include "plants/stage.hpp"

#include <fmt/format.h>
#include <charconv>
#include <fstream>
#include <stdexcept>

namespace fettle::plants {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds patience{10};

}  // namespace

Stage::Stage(const StageOptions& options)
    : broker_{start_broker()},
      subscriber_{start_subscriber()},
      plant_{start_plant(options)},
      agent_{start_agent(options)} {}

test::Child Stage::start_broker() const {
  const auto settings = folder_.write(
      "mosquitto.conf",
      fmt::format("listener {} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n", broker_port_));
  test::Child broker{{"mosquitto", "-c", settings}};
  if (!broker.wait_for_line("running", patience))
    throw std::runtime_error{"mosquitto does not start:\n" + broker.output()};
  return broker;
}

test::Child Stage::start_subscriber() const {
  test::Child subscriber{
      {"mosquitto_sub", "-h", "127.0.0.1", "-p", broker_port_, "-q", "1", "-t", "fettle/v1/#", "-F", "%t %p"}};
  return subscriber;
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
      {{{"FETTLE_BROKER", "127.0.0.1:" + broker_port_},
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
