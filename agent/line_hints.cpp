#include "line_hints.hpp"

#include "acquisition/wire_time.hpp"
#include "channels.hpp"
#include "field.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle {
namespace {

constexpr std::uint64_t enough = 10;  ///< questions, before anything is said
constexpr double many_errors = 0.02;  ///< of the questions
constexpr double slow = 0.7, very_busy = 0.8;

bool is_telling(const DeviceStatus& device) { return device.line && device.line->requests >= enough; }

double share_of(std::uint64_t count, const DeviceStatus& device) {
  return static_cast<double>(count) / static_cast<double>(device.line->requests);
}

bool has_errors(const DeviceStatus& device) {
  return is_telling(device) && share_of(device.line->malformed, device) > many_errors;
}

/// Something is on the wire, and never an answer.
bool is_only_noise(const DeviceStatus& device) {
  return is_telling(device) && device.line->answers == 0 && device.line->malformed + device.line->noise > 0;
}

bool is_mute(const DeviceStatus& device) {
  return is_telling(device) && device.line->answers == 0 && device.line->malformed + device.line->noise == 0;
}

bool loses_answers(const DeviceStatus& device) {
  return is_telling(device) && device.line->answers > 0 && share_of(device.line->timeouts, device) > many_errors;
}

std::vector<const DeviceStatus*> those(const LineFacts& line, bool (*is)(const DeviceStatus&)) {
  std::vector<const DeviceStatus*> result;
  for (const auto& device : line.devices) {
    if (is(device)) result.push_back(&device);
  }
  return result;
}

/// Errors at one device point at that device; errors at several at the cable they share.
void judge_errors(const LineFacts& line, std::vector<LineHint>& hints) {
  const auto noisy = those(line, is_only_noise);
  const auto telling = those(line, is_telling);
  if (line.is_serial && !noisy.empty() && noisy.size() == telling.size()) {
    hints.push_back({"", "only noise comes back: A and B swapped, or another baud rate or parity than the devices'"});
    return;
  }
  const auto wrong = those(line, has_errors);
  if (!line.is_serial) {
    for (const auto* each : wrong)
      hints.push_back(
          {each->device,
           "broken answers: the gateway's serial side has noise or wrong parity, or it is set to another framing"});
    return;
  }
  if (wrong.size() == 1 && telling.size() > 1) {
    hints.push_back(
        {wrong.front()->device,
         is_only_noise(*wrong.front())
             ? "only noise at this unit: two devices with the same unit id, or other parity than the rest"
             : "check sums are wrong at this unit only: two devices with the same unit id, or a bad contact there"});
    return;
  }
  if (!wrong.empty())
    hints.push_back(
        {"",
         "wrong check sums: 120 ohm at both ends and nowhere else, shield earthed at one end, away from power cables"});
}

void judge_silence(const LineFacts& line, std::vector<LineHint>& hints) {
  const auto mute = those(line, is_mute);
  if (line.is_serial && mute.size() > 1 && mute.size() == line.devices.size()) {
    hints.push_back({"", "nothing comes back from any unit: A and B swapped, baud rate, or the cable is open"});
    return;
  }
  for (const auto* each : mute) {
    const auto* const why = line.is_serial ? "never answered: wrong unit id, no power, or not on this line"
                                           : "never answered: wrong unit id, or nothing behind the gateway";
    hints.push_back({each->device, why});
  }
  for (const auto* each : those(line, loses_answers))
    hints.push_back(
        {each->device,
         fmt::format("{:.0f} % of the answers are lost: bad contact, weak signal, or a second master on the line",
                     100 * share_of(each->line->timeouts, *each))});
}

void judge_pace(const LineFacts& line, std::vector<LineHint>& hints) {
  if (line.patience) {
    const auto patience = static_cast<double>(line.patience->count());
    for (const auto& device : line.devices) {
      if (!is_telling(device) || device.line->latency_p95 < slow * patience) continue;
      hints.push_back(
          {device.device,
           fmt::format("slow: one answer in twenty takes {:.0f} ms or more of {}; raise the bus's timeout{}",
                       device.line->latency_p95, to_text(*line.patience),
                       line.is_serial ? "" : ", or ask the gateway less often")});
    }
  }
}

}  // namespace

std::string to_text(const LineHint& hint) {
  return hint.device.empty() ? hint.text : fmt::format("{}: {}", hint.device, hint.text);
}

std::optional<double> load_of(const BusStatus& bus) {
  std::optional<double> load;
  for (const auto& device : bus.devices) {
    if (device.line && device.line->load) load = load.value_or(0) + *device.line->load;
  }
  return load;
}

std::vector<LineHint> line_hints(const LineFacts& line) {
  std::vector<LineHint> hints;
  judge_errors(line, hints);
  judge_silence(line, hints);
  judge_pace(line, hints);
  BusStatus whole;
  whole.devices = line.devices;
  if (const auto load = load_of(whole); line.is_serial && load && *load > very_busy)
    hints.push_back(
        {"", fmt::format("{:.0f} % of the line's time is taken: a higher baud rate, a longer `every`, or a second line",
                         100 * *load)});
  return hints;
}

void add_hints(const Installation& installation, std::vector<BusStatus>& buses) {
  for (auto& bus : buses) {
    for (const auto& hint : line_hints(line_facts(installation, bus))) bus.hints.push_back(to_text(hint));
  }
}

LineFacts line_facts(const Installation& installation, const BusStatus& bus) {
  LineFacts facts;
  facts.devices = bus.devices;
  for (const auto& settings : installation.site.buses) {
    if (settings.key != bus.bus) continue;
    const auto line = make_line(settings);
    if (!line) continue;
    facts.is_serial = !settings.node["host"];
    const auto devices = devices_of(installation, bus.bus);
    if (devices.empty()) continue;
    const auto device = attach(*line, *devices.front());
    if (const auto* timed = dynamic_cast<const acquisition::WireTime*>(device.get()))
      facts.patience = timed->patience();
  }
  return facts;
}

}  // namespace fettle
