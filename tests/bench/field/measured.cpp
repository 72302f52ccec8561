#include "field/measured.hpp"

#include "field/site.hpp"

#include <string>
#include <utility>
#include <vector>

namespace fettle::bench {

Measured measure(pid_t process, BrokerEar& ear, const Spans& spans, const Reader& read) {
  ear.listen(spans.warm_up, [](auto, auto) {});
  std::vector<std::pair<std::string, std::string>> heard;
  const auto before = cost_of(process);
  ear.listen(spans.measured,
             [&heard](std::string_view topic, std::string_view payload) { heard.emplace_back(topic, payload); });
  Measured measured;
  measured.end = cost_of(process);
  measured.cpu = measured.end.cpu - before.cpu;
  measured.written = measured.end.written - before.written;
  DistinctReadings readings;
  for (const auto& [topic, payload] : heard) read(topic, payload, readings);
  measured.readings = readings.count();
  measured.repeated = readings.repeated();
  measured.messages = heard.size();
  return measured;
}

void read_telemetry(std::string_view /*topic*/, std::string_view document, DistinctReadings& readings) {
  for (const auto& each : values_in(document)) {
    if (each.value && each.quality == "good") readings.note(each.device, each.point, *each.value);
  }
}

}  // namespace fettle::bench
