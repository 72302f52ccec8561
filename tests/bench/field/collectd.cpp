#include "field/rivals.hpp"

#include <fmt/format.h>
#include <charconv>
#include <regex>

namespace fettle::bench {
namespace {

std::string registers(std::size_t count) {
  std::string text;
  for (std::size_t number = 0; number < count; ++number) {
    text += fmt::format(
        "  <Data \"r{0}\">\n    RegisterBase {0}\n    RegisterType Uint16\n    RegisterCmd ReadHolding\n    Type "
        "gauge\n"
        "    Instance \"hr{0}\"\n  </Data>\n",
        number);
  }
  return text;
}

std::string host(std::size_t server, unsigned short port, std::size_t count) {
  auto text = fmt::format(
      "  <Host \"s{0}\">\n    Address \"127.0.0.1\"\n    Port \"{1}\"\n    Interval 1\n    <Slave 1>\n      Instance "
      "\"s{0}\"\n",
      server, port);
  for (std::size_t number = 0; number < count; ++number) text += fmt::format("      Collect \"r{}\"\n", number);
  return text + "    </Slave>\n  </Host>\n";
}

}  // namespace

test::Child start_collectd(const test::TempDir& folder, const Task& task) {
  std::string hosts;
  for (std::size_t server = 0; server < task.servers.size(); ++server) {
    hosts += host(server, task.servers[server], task.registers);
  }
  const auto file =
      folder.write("collectd.conf", fmt::format(R"(Hostname "bench"
FQDNLookup false
BaseDir "{0}"
PIDFile "{0}/collectd.pid"
Interval 1
ReadThreads 5
WriteThreads 2
WriteQueueLimitHigh 100000
WriteQueueLimitLow 100000
LoadPlugin logfile
<Plugin logfile>
  LogLevel warning
  File "{0}/collectd.log"
</Plugin>
LoadPlugin modbus
LoadPlugin mqtt
<Plugin modbus>
{1}{2}</Plugin>
<Plugin mqtt>
  <Publish "edge">
    Host "127.0.0.1"
    Port {3}
    ClientId "collectd"
    QoS 1
    Prefix "collectd"
    StoreRates false
    Retain false
  </Publish>
</Plugin>
)",
                                                folder.path().string(), registers(task.registers), hosts, task.broker));
  return test::Child{{"collectd", "-f", "-C", file}};
}

std::string version_of_collectd() {
  test::Child help{{"collectd", "-h"}};
  help.wait(std::chrono::seconds{10});
  std::smatch found;
  const auto& text = help.output();
  return std::regex_search(text, found, std::regex{R"(collectd (\d[\d.]*\d))"}) ? found.str() : "collectd";
}

/// "collectd/<host>/modbus-s7/gauge-hr12", "1718000000.123:42" and a zero byte.
void read_collectd(std::string_view topic, std::string_view payload, DistinctReadings& readings) {
  const auto colon = payload.find(':');
  if (colon == std::string_view::npos) return;
  double value = 0;
  const auto [end, error] = std::from_chars(payload.data() + colon + 1, payload.data() + payload.size(), value);
  if (error == std::errc{}) readings.note(topic, "", value);
}

}  // namespace fettle::bench
