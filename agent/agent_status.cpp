#include "agent_status.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <stdexcept>

namespace fettle {
namespace {

std::optional<Stamp> stamp(const std::optional<Time>& time) {
  if (!time) return std::nullopt;
  return Stamp{*time};
}

DeviceStatus device_status(const BusWatch& watch, std::size_t place, const std::string& device) {
  const auto& state = watch.states[place];
  DeviceStatus status;
  status.device = device;
  status.answering = state.answering;
  status.silent_since = stamp(watch.silences[place]);
  status.trouble = state.detail;
  status.polls = state.reads;
  status.failed = state.failed;
  status.skipped = state.skipped;
  status.milliseconds = state.milliseconds;
  if (!state.quality) return status;
  const auto& quality = *state.quality;
  status.line =
      LineStatus{quality.requests, quality.answers,     quality.refusals,    quality.timeouts, quality.malformed,
                 quality.noise,    quality.latency_p50, quality.latency_p95, quality.busy};
  return status;
}

std::vector<FileStatus> files_in(const std::string& folder) {
  std::vector<FileStatus> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
    if (!entry.is_regular_file(error)) continue;
    const auto bytes = entry.file_size(error);
    if (!error) files.push_back({entry.path().filename().string(), bytes});
  }
  std::sort(files.begin(), files.end(),
            [](const FileStatus& left, const FileStatus& right) { return left.file < right.file; });
  return files;
}

}  // namespace

void tag_invoke(const boost::json::value_from_tag& /*tag*/, boost::json::value& json, const Stamp& stamp) {
  json = to_rfc3339(stamp.at);
}

Stamp tag_invoke(const boost::json::value_to_tag<Stamp>& /*tag*/, const boost::json::value& json) {
  const auto time = parse_rfc3339(json.as_string());
  if (!time) throw std::invalid_argument{"no time"};
  return {*time};
}

std::string to_json(const AgentStatus& status) { return boost::json::serialize(boost::json::value_from(status)); }

std::optional<AgentStatus> parse_agent_status(const std::string& json) {
  try {
    return boost::json::value_to<AgentStatus>(boost::json::parse(json));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::vector<BusStatus> bus_status(const Installation& installation, const std::vector<BusWatch>& buses) {
  std::vector<BusStatus> result;
  for (const auto& watch : buses) {
    BusStatus bus{watch.bus, watch.is_answering(), stamp(watch.silent_since), {}};
    for (std::size_t place = 0; place < watch.devices.size(); ++place)
      bus.devices.push_back(device_status(watch, place, installation.devices[watch.devices[place]].settings.key));
    result.push_back(std::move(bus));
  }
  return result;
}

void mark_loads(std::vector<BusStatus>& buses, double milliseconds) {
  for (auto& bus : buses) {
    for (auto& device : bus.devices) {
      if (device.line && milliseconds > 0) device.line->load = device.line->busy / milliseconds;
    }
  }
}

ClockStatus clock_status(const delivery::ClockState& clock) {
  return {std::string{delivery::name_of(clock.sync)}, clock.error_ms};
}

StoreStatus store_status(const Vitals& vitals) {
  StoreStatus status;
  status.folder = vitals.store_folder;
  status.trouble = vitals.store_trouble;
  status.files = files_in(vitals.store_folder);
  status.free_bytes = vitals.free_bytes;
  status.written_today = vitals.written_today;
  status.written_per_day = vitals.written_per_day;
  status.writes_budget = vitals.writes_budget;
  return status;
}

}  // namespace fettle
