#include "commands/status.hpp"

#include "commands/command.hpp"
#include "commands/watch_table.hpp"
#include "gateway_trouble.hpp"
#include "installation.hpp"
#include "questions.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

namespace fettle::commands {
namespace {

constexpr std::size_t most_devices = 20, most_assets = 40;  ///< `--json` shows all

using Lines = std::vector<std::vector<Cell>>;

/// "since 2026-11-21 09:14 (3 hours)"
std::string since_text(const Stamp& since, const Stamp& now) {
  return fmt::format("since {} ({})", minute_text(since.at), to_words(std::max(Duration{0}, now.at - since.at)));
}

std::string since_text(const std::optional<Stamp>& since, const Stamp& now) {
  return since ? " " + since_text(*since, now) : std::string{};
}

Cell mode_cell(const AgentStatus& status) {
  const auto running = "running " + since_text(status.since, status.now);
  if (!status.commissioning) return {running + ", operational"};
  const auto until =
      status.commissioning_until ? " until " + minute_text(status.commissioning_until->at) : std::string{};
  return {running + ", commissioning" + until + ": alerts are marked as tests", Tone::warning};
}

Cell broker_cell(const AgentStatus& status) {
  const auto& broker = status.broker;
  if (broker.url.empty()) return {"none in the settings: alerts stay in the journal", Tone::warning};
  const auto traffic = fmt::format("session {}, {} queued, {} dropped", broker.session, broker.queued, broker.dropped);
  return {fmt::format("{} {}{}, {}", broker.url, broker.connected ? "connected" : "not connected",
                      since_text(broker.since, status.now), traffic),
          broker.connected ? Tone::good : Tone::bad};
}

Cell clock_cell(const ClockStatus& clock) {
  if (clock.sync == "none") return {"not synchronised", Tone::warning};
  const auto error = clock.error_ms ? fmt::format(", right to {:.0f} ms", *clock.error_ms) : std::string{};
  return {"synchronised (" + clock.sync + ")" + error};
}

Cell alerts_cell(const AlertCounts& alerts) {
  if (alerts.total() == 0) return {"none open", Tone::good};
  return {fmt::format("{} open: {} critical, {} major, {} minor, {} warning; `fettle alerts` shows them",
                      alerts.total(), alerts.critical, alerts.major, alerts.minor, alerts.warning),
          alerts.critical + alerts.major > 0 ? Tone::bad : Tone::warning};
}

Cell store_cell(const StoreStatus& store) {
  if (!store.trouble.empty()) return {store.trouble, Tone::bad};
  std::uint64_t bytes = 0;
  for (const auto& file : store.files) bytes += file.bytes;
  auto text = fmt::format("{} in {} files of {}", bytes_text(bytes), store.files.size(), store.folder);
  if (store.free_bytes) text += fmt::format(", {} free", bytes_text(*store.free_bytes));
  return {std::move(text)};
}

Cell writes_cell(const StoreStatus& store) {
  auto text =
      fmt::format("{} today, {} in 24 hours", bytes_text(store.written_today), bytes_text(store.written_per_day));
  if (store.writes_budget > 0) text += fmt::format(" of {}", bytes_text(store.writes_budget));
  if (store.bytes_per_alert) text += fmt::format(", {} an alert", bytes_text(*store.bytes_per_alert));
  const bool beyond = store.writes_budget > 0 && store.written_per_day > store.writes_budget;
  return {std::move(text), beyond ? Tone::warning : Tone::plain};
}

Cell telemetry_cell(const TelemetryStatus& telemetry) {
  if (!telemetry.on) return {"off"};
  return {fmt::format("{} buffered, {} dropped", telemetry.buffered, telemetry.dropped),
          telemetry.dropped > 0 ? Tone::warning : Tone::plain};
}

std::string facts_text(const AgentStatus& status, Colours colours) {
  const Lines lines{
      {{fmt::format("fettle {}", status.version)}, {fmt::format("gateway {}, site {}", status.gateway, status.site)}},
      {{"agent"}, mode_cell(status)},
      {{"broker"}, broker_cell(status)},
      {{"clock"}, clock_cell(status.clock)},
      {{"alerts"}, alerts_cell(status.alerts)},
      {{"store"}, store_cell(status.store)},
      {{"writes"}, writes_cell(status.store)},
      {{"telemetry"}, telemetry_cell(status.telemetry)},
      {{"memory"}, {bytes_text(status.resident_memory)}}};
  return to_text(lines, colours);
}

std::vector<Cell> device_line(const std::string& bus, const DeviceStatus& device, const Stamp& now) {
  const bool unknown = device.polls == 0;
  const auto silent = fmt::format("silent{}", since_text(device.silent_since, now));
  return {{bus},
          {device.device},
          {unknown            ? "not asked yet"
           : device.answering ? "answers"
                              : silent,
           unknown            ? Tone::faint
           : device.answering ? Tone::good
                              : Tone::bad},
          {std::to_string(device.polls)},
          {std::to_string(device.failed)},
          {std::to_string(device.skipped)},
          {fmt::format("{:.1f}", device.milliseconds)},
          {device.trouble}};
}

/// The silent ones first: they are what is looked for.
std::string devices_text(const AgentStatus& status, Colours colours) {
  Lines lines{{{"bus"}, {"device"}, {"state"}, {"polls"}, {"failed"}, {"skipped"}, {"ms"}, {"trouble"}}};
  std::string hidden;
  for (const auto& bus : status.buses) {
    auto devices = bus.devices;
    std::stable_partition(devices.begin(), devices.end(), [](const DeviceStatus& each) { return !each.answering; });
    const auto shown = std::min(devices.size(), most_devices);
    for (std::size_t i = 0; i < shown; ++i) lines.push_back(device_line(bus.bus, devices[i], status.now));
    if (shown < devices.size())
      hidden += fmt::format("... and {} more on bus {}; --json shows all\n", devices.size() - shown, bus.bus);
  }
  if (lines.size() == 1) return {};
  return "\n" + to_text(lines, colours) + hidden;
}

/// Those with the most errors first; what protocols do not count is left out.
std::string lines_text(const AgentStatus& status, Colours colours) {
  auto buses = status.buses;
  const auto errors = [](const DeviceStatus& each) { return each.line->malformed + each.line->timeouts; };
  for (auto& bus : buses) {
    auto& devices = bus.devices;
    std::erase_if(devices, [](const DeviceStatus& each) { return !each.line; });
    std::stable_sort(devices.begin(), devices.end(), [&errors](const DeviceStatus& left, const DeviceStatus& right) {
      return errors(left) > errors(right);
    });
    if (devices.size() > most_devices) devices.erase(devices.begin() + most_devices, devices.end());
  }
  std::erase_if(buses, [](const BusStatus& bus) { return bus.devices.empty(); });
  std::string text;
  for (const auto& line : line_table(buses, colours)) text += line + "\n";
  return text.empty() ? text : "\n" + text;
}

std::string modes_text(const AgentStatus& status, Colours colours) {
  std::map<std::string, std::string> assets;
  for (const auto& mode : status.modes) {
    auto& text = assets[mode.asset];
    text += (text.empty() ? "" : ", ") + mode.mode;
    if (mode.learned && *mode.learned < 1) text += fmt::format(" (learning, {:.0f} %)", 100 * *mode.learned);
  }
  if (assets.empty()) return {};
  Lines lines{{{"asset"}, {"follows"}}};
  for (const auto& [asset, text] : assets) {
    if (lines.size() > most_assets) break;
    lines.push_back({{asset}, {text}});
  }
  const auto hidden = assets.size() + 1 - lines.size();
  return "\n" + to_text(lines, colours) +
         (hidden > 0 ? fmt::format("... and {} more assets; --json shows all\n", hidden) : "");
}

std::string errors_text(const AgentStatus& status, Colours colours) {
  if (status.recent_errors.empty()) return {};
  auto text = "\n" + painted("latest warnings and errors", Tone::faint, colours) + "\n";
  for (const auto& error : status.recent_errors) text += error + "\n";
  return text;
}

int status(const std::string& site_file, bool as_json) {
  const auto store = load_installation(site_file).site.store;
  const auto answered = ask_status(store);
  if (!answered) {
    fmt::print(stderr, "fettle status: {}", no_agent(store));
    return exit_failure;
  }
  fmt::print("{}", as_json ? fettle::to_json(*answered) + "\n" : to_text(*answered, colours_of_stdout()));
  return exit_ok;
}

void add_status(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  const auto json = std::make_shared<bool>(false);  // shared by the option and the callback
  verb.add_flag("--json", *json, "One JSON object in place of the tables");
  verb.footer(
      "Times are UTC. Asks the agent that runs on this site's store; exit status 1 if none does.\n"
      "Example: fettle status -c site.yaml");
  verb.callback([site_file, json, &exit_code] { exit_code = status(*site_file, *json); });
}

const Registration<Command> entry{"status", "Show how the running agent fares: broker, buses, alerts, store",
                                  add_status};

}  // namespace

std::string to_text(const AgentStatus& status, Colours colours) {
  return facts_text(status, colours) + devices_text(status, colours) + lines_text(status, colours) +
         modes_text(status, colours) + errors_text(status, colours);
}

}  // namespace fettle::commands
