#include "field/rivals.hpp"

#include "support/ports.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

namespace fettle::bench {
namespace {

namespace json = boost::json;

json::object broker(unsigned short port) {
  return {{"id", "mb"},
          {"type", "mqtt-broker"},
          {"broker", "127.0.0.1"},
          {"port", std::to_string(port)},
          {"clientid", "nodered"},
          {"autoConnect", true},
          {"usetls", false},
          {"protocolVersion", "4"},
          {"keepalive", "15"},
          {"cleansession", true},
          {"birthTopic", ""},
          {"willTopic", ""}};
}

json::object client(std::size_t server, unsigned short port) {
  return {{"id", fmt::format("mc{}", server)},
          {"type", "modbus-client"},
          {"name", fmt::format("s{}", server)},
          {"clienttype", "tcp"},
          {"bufferCommands", true},
          {"stateLogEnabled", false},
          {"queueLogEnabled", false},
          {"failureLogEnabled", true},
          {"tcpHost", "127.0.0.1"},
          {"tcpPort", std::to_string(port)},
          {"tcpType", "DEFAULT"},
          {"serialPort", ""},
          {"serialType", "RTU-BUFFERD"},
          {"serialBaudrate", "9600"},
          {"serialDatabits", "8"},
          {"serialStopbits", "1"},
          {"serialParity", "none"},
          {"serialConnectionDelay", "100"},
          {"serialAsciiResponseStartDelimiter", "0x3A"},
          {"unit_id", "1"},
          {"commandDelay", "1"},
          {"clientTimeout", "1000"},
          {"reconnectOnTimeout", true},
          {"reconnectTimeout", "2000"},
          {"parallelUnitIdsAllowed", true},
          {"showErrors", false},
          {"showWarnings", true},
          {"showLogs", false}};
}

json::object reader(std::size_t server, std::size_t registers) {
  return {{"id", fmt::format("mr{}", server)},
          {"type", "modbus-read"},
          {"z", "tab"},
          {"name", "read"},
          {"topic", ""},
          {"showStatusActivities", false},
          {"logIOActivities", false},
          {"showErrors", true},
          {"showWarnings", true},
          {"unitid", "1"},
          {"dataType", "HoldingRegister"},
          {"adr", "0"},
          {"quantity", std::to_string(registers)},
          {"rate", "1"},
          {"rateUnit", "s"},
          {"delayOnStart", false},
          {"startDelayTime", ""},
          {"server", fmt::format("mc{}", server)},
          {"useIOFile", false},
          {"ioFile", ""},
          {"useIOForPayload", false},
          {"emptyMsgOnFail", false},
          {"wires", json::array{json::array{fmt::format("fn{}", server)}, json::array{}}}};
}

json::object shaper(std::size_t server) {
  const auto code =
      fmt::format("return {{topic: 'nodered/s{}', payload: {{ts: Date.now(), hr: msg.payload}}}};", server);
  return {{"id", fmt::format("fn{}", server)},
          {"type", "function"},
          {"z", "tab"},
          {"name", "shape"},
          {"func", code},
          {"outputs", 1},
          {"wires", json::array{json::array{"mq"}}}};
}

std::string flows(const Task& task) {
  json::array all{json::object{{"id", "tab"}, {"type", "tab"}, {"label", "bench"}}, broker(task.broker)};
  for (std::size_t server = 0; server < task.servers.size(); ++server) {
    all.push_back(client(server, task.servers[server]));
    all.push_back(reader(server, task.registers));
    all.push_back(shaper(server));
  }
  all.push_back(json::object{{"id", "mq"},
                             {"type", "mqtt out"},
                             {"z", "tab"},
                             {"name", ""},
                             {"topic", ""},
                             {"qos", "1"},
                             {"retain", "false"},
                             {"broker", "mb"},
                             {"wires", json::array{}}});
  return json::serialize(all);
}

}  // namespace

test::Child start_nodered(const test::TempDir& folder, const std::filesystem::path& installed, const Task& task) {
  folder.write("flows.json", flows(task));
  const auto settings = folder.write("settings.js", fmt::format(R"(module.exports = {{
  uiHost: "127.0.0.1", uiPort: {}, flowFile: "flows.json", credentialSecret: false, telemetry: {{ enabled: false }},
  logging: {{ console: {{ level: "info" }} }},
  externalModules: {{ palette: {{ allowInstall: false }}, modules: {{ allowInstall: false }} }},
}};
)",
                                                                test::free_port()));
  return test::Child{
      {"node", (installed / "node_modules/node-red/red.js").string(), "-u", folder.path().string(), "-s", settings},
      {{}, installed, false}};
}

std::string version_of_nodered(const std::filesystem::path& installed) {
  const auto of = [&installed](const char* name) {
    const auto facts = json::parse(test::read_text(installed / "node_modules" / name / "package.json"));
    return std::string{facts.at("version").as_string()};
  };
  return fmt::format("Node-RED {} with node-red-contrib-modbus {}", of("node-red"), of("node-red-contrib-modbus"));
}

void read_nodered(std::string_view topic, std::string_view payload, DistinctReadings& readings) {
  const auto parsed = json::parse(payload);
  std::size_t number = 0;
  for (const auto& value : parsed.at("hr").as_array()) {
    readings.note(topic, std::to_string(number++), value.to_number<double>());
  }
}

}  // namespace fettle::bench
