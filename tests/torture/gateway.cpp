#include "torture/gateway.hpp"

#include "support/hot_pump.hpp"

#include <fmt/format.h>
#include <filesystem>

namespace fettle::test {
namespace {

constexpr auto birthday = "2026-06-01T00:00:00Z";

std::string profile(std::size_t machines) {
  auto text = std::string{
      "title: Switchboard\nmaker: test\nmodels: [switchboard]\nprotocol: modbus\nverified: false\n"
      "max_registers: 100\ngap: 0\ndefaults: {table: holding, type: i16}\npoints:\n"};
  for (std::size_t number = 0; number < machines; ++number) {
    text += fmt::format("  t{}: {{quantity: temperature, unit: degC, address: {}, scale: 0.01}}\n", number, number);
  }
  return text;
}

std::string site(const World& world) {
  auto text = fmt::format(R"(gateway: {{id: {}, heartbeat: 8h, new_alerts_per_hour: 1000}}
site: {{id: HQ, tz: Europe/Berlin, building: B2}}
broker: {{url: "mqtt://127.0.0.1:{}", reconnect_within: 100ms}}
store: {{folder: {}}}
buses: [{{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: {}, timeout: 5s}}]
devices: [{{id: board, bus: lan, unit: 1, profile: switchboard, every: 3m}}]
assets:
)",
                          Gateway::id, world.broker, world.store, world.device);
  for (std::size_t number = 0; number < world.machines; ++number) {
    text += fmt::format("  - {{id: {}, name: Pump, model: hot_pump, points: {{bearing_temperature: board/t{}}}}}\n",
                        Gateway::machine(number), number);
  }
  return text;
}

/// Warnings belong to what is done to it here; errors do not.
bool is_complaint(const std::string& line) {
  return line.find(" error: ") != std::string::npos || line.find(" critical: ") != std::string::npos ||
         line.find("terminate called") != std::string::npos;
}

}  // namespace

Gateway::Gateway(const World& world)
    : site_{folder_.write("site.yaml", site(world))}, environment_{world.environment}, wrapper_{world.wrapper} {
  std::filesystem::create_directory(folder_.path() / "devices");
  std::filesystem::create_directory(folder_.path() / "equipment");
  folder_.write("devices/switchboard.yaml", profile(world.machines));
  folder_.write("equipment/hot_pump.yaml", hot_pump_model("15m"));
}

Time Gateway::now() const {
  const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - began_;
  return parse_rfc3339(birthday).value() + std::chrono::floor<Duration>(elapsed * speed);
}

void Gateway::start() {
  const auto clock = fmt::format("{}@{}", speed, to_rfc3339(now()));
  auto command = wrapper_;
  command.insert(command.end(), {FETTLE_BINARY, "run", "-c", site_, "--speed", clock});
  agent_.emplace(command, ChildOptions{environment_, {}});
}

void Gateway::kill() {
  listen();
  if (!is_running()) complaints_.push_back("the agent had ended by itself:\n" + last_words());
  agent_->kill();
  listen();
}

int Gateway::stop() {
  const int status = agent_->terminate();
  listen();
  return status;
}

void Gateway::listen() {
  while (const auto line = agent_->read_line(std::chrono::milliseconds{0})) {
    if (is_complaint(*line)) complaints_.push_back(*line);
  }
}

bool Gateway::await_revision(std::chrono::milliseconds within) {
  return agent_
      ->wait_for_line(
          [this](const std::string& line) {
            if (is_complaint(line)) complaints_.push_back(line);
            return line.find(", revision ") != std::string::npos;
          },
          within)
      .has_value();
}

std::string Gateway::last_words() {
  constexpr std::size_t enough = 2'000;
  const auto& all = agent_->output();
  return all.size() > enough ? all.substr(all.size() - enough) : all;
}

}  // namespace fettle::test
