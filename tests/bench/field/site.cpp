#include "field/site.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>
#include <filesystem>

namespace fettle::bench {
namespace {

std::string profile(std::size_t registers) {
  std::string text = "protocol: modbus\ndefaults: {table: holding, type: u16, quantity: count, unit: \"\"}\npoints:\n";
  for (std::size_t number = 0; number < registers; ++number) text += fmt::format("  p{0}: {{address: {0}}}\n", number);
  return text;
}

/// Judged once a minute, as no model of a real machine is: those take hours. So every minute that is measured has its judgements.
std::string model(std::size_t registers) {
  std::string text = "class: watched\ntitle: A device with a limit for each register\nbrick: brick:Equipment\nroles:\n";
  for (std::size_t number = 0; number < registers; ++number) {
    text += fmt::format("  p{0}: {{quantity: count, title: Register {0}}}\n", number);
  }
  text += "modes:\n";
  for (std::size_t number = 0; number < registers; ++number) {
    text += fmt::format(
        R"(  - mode: register-{0}
    iso14224: OTH
    part: register
    cause: none
    effect: none
    severity: minor
    horizon: 30d
    indicators:
      - {{name: p{0}, title: Register {0}, formula: p{0}, quantity: count, every: 1m, warn: 900000, limit: 1000000, source: bench}}
    advice: {{code: NONE, text: Nothing, skills: [none], parts: [{{sku: N-1, name: nothing, qty: 1}}], minutes: 1}}
)",
        number);
  }
  return text;
}

std::string asset(const std::string& device, std::size_t registers) {
  std::string points;
  for (std::size_t number = 0; number < registers; ++number) {
    points += fmt::format("{}p{}: {}/p{}", number == 0 ? "" : ", ", number, device, number);
  }
  return fmt::format("  - {{id: {0}, name: {0}, model: watched, points: {{{1}}}}}\n", device, points);
}

}  // namespace

std::string write_site(const test::TempDir& folder, const SitePlan& plan) {
  for (const auto* kind : {"devices", "equipment"}) std::filesystem::create_directory(folder.path() / kind);
  folder.write("devices/plain.yaml", profile(plan.registers));
  folder.write("equipment/watched.yaml", model(plan.registers));
  std::string buses, devices, assets;
  for (std::size_t server = 0; server < plan.servers.size(); ++server) {
    buses +=
        fmt::format("  - {{id: b{}, driver: modbus_tcp, host: 127.0.0.1, port: {}}}\n", server, plan.servers[server]);
    for (const int unit : plan.units) {
      const auto device = fmt::format("s{}u{}", server, unit);
      devices += fmt::format("  - {{id: {}, bus: b{}, unit: {}, profile: plain, every: 1s}}\n", device, server, unit);
      if (plan.is_judged) assets += asset(device, plan.registers);
    }
  }
  return folder.write("site.yaml", fmt::format(R"(gateway: {{id: gw-bench, clock: trust}}
site: {{id: BENCH, tz: Europe/Berlin, building: B1}}
broker: {{url: "mqtt://127.0.0.1:{}"}}
store: {{folder: {}}}
telemetry: {{}}
buses:
{}devices:
{}{}{})",
                                               plan.broker, folder.file("store"), buses, devices,
                                               assets.empty() ? "" : "assets:\n", assets));
}

RunningSite::RunningSite(const SitePlan& plan) : agent_{{FETTLE_BINARY, "run", "-c", write_site(folder_, plan)}} {
  if (!agent_.wait_for_line("reading ", std::chrono::seconds{60})) {
    throw std::runtime_error{"the agent does not start:\n" + agent_.output()};
  }
}

std::vector<PublishedValue> values_in(std::string_view document) {
  const auto parsed = boost::json::parse(document);
  const std::string device{parsed.at("device").as_string()};
  std::vector<PublishedValue> values;
  for (const auto& each : parsed.at("points").as_array()) {
    const auto& point = each.as_object();
    PublishedValue value{device, std::string{point.at("id").as_string()}, std::nullopt,
                         std::string{point.at("quality").as_string()}, std::string{point.at("time").as_string()}};
    if (const auto* number = point.if_contains("value")) value.value = number->to_number<double>();
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace fettle::bench
