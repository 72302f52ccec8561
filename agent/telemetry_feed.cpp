#include "telemetry_feed.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <utility>

namespace fettle {

delivery::TelemetrySpool::Beginning TelemetryFile::begin() {
  const auto beginning = spool_.begin(now_);
  return {beginning.seq, beginning.after_crash};
}

bool TelemetryFile::keep(std::span<const delivery::TelemetryBatch> batches) {
  std::vector<store::SpooledBatch> rows;
  rows.reserve(batches.size());
  for (const auto& batch : batches) rows.push_back({batch.seq, batch.device, batch.document});
  return worked(spool_.keep(rows));
}

std::vector<delivery::TelemetryBatch> TelemetryFile::after(std::uint64_t seq, std::size_t at_most) {
  auto rows = spool_.after(seq, at_most);
  note(rows ? std::string{} : rows.error().detail);
  std::vector<delivery::TelemetryBatch> batches;
  if (!rows) return batches;
  for (auto& row : *rows) batches.push_back({row.seq, std::move(row.device), std::move(row.document)});
  return batches;
}

bool TelemetryFile::worked(const Result<void>& result) {
  note(result ? std::string{} : result.error().detail);
  return result.has_value();
}

void TelemetryFile::note(const std::string& trouble) {
  if (!trouble.empty() && !failing_) {
    spdlog::error("{}; telemetry waits in memory meanwhile, where there is little room", trouble);
  }
  if (trouble.empty() && failing_) spdlog::info("the telemetry buffer works again");
  failing_ = !trouble.empty();
}

std::vector<delivery::TelemetryDevice> telemetry_devices(const Installation& installation,
                                                         const delivery::TelemetrySettings& settings) {
  const auto& wanted = settings.devices;
  std::vector<delivery::TelemetryDevice> devices;
  for (const auto& installed : installation.devices) {
    const auto& key = installed.settings.key;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), key) == wanted.end()) continue;
    delivery::TelemetryDevice device{key, {}};
    device.points.reserve(installed.profile->points.size());
    std::vector<bool> known(installed.profile->points.size());
    for (const auto& wire : installed.wiring) {
      if (known.at(wire.profile_point)) continue;
      known[wire.profile_point] = true;
      const auto& point = installed.profile->points[wire.profile_point];
      device.points.push_back({point.name, point.quantity, wire.point});
    }
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace fettle
