#include "telemetry_feed.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <map>
#include <memory>
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

namespace {

std::shared_ptr<const std::vector<delivery::TelemetryPoint>> points_of(const acquisition::DeviceProfile& profile) {
  std::vector<delivery::TelemetryPoint> points;
  points.reserve(profile.points.size());
  for (const auto& point : profile.points) points.push_back({point.name, point.quantity});
  return std::make_shared<const std::vector<delivery::TelemetryPoint>>(std::move(points));
}

/// Every profile point feeds at least one point; any of them gives its readings.
std::vector<PointId> sources_of(const InstalledDevice& device) {
  std::vector<PointId> sources(device.profile->points.size());
  for (const auto& wire : device.wiring) sources.at(wire.profile_point) = wire.point;
  return sources;
}

}  // namespace

std::vector<delivery::TelemetryDevice> telemetry_devices(const Installation& installation,
                                                         const delivery::TelemetrySettings& settings) {
  const auto& wanted = settings.devices;
  std::map<const acquisition::DeviceProfile*, std::shared_ptr<const std::vector<delivery::TelemetryPoint>>> kinds;
  std::vector<delivery::TelemetryDevice> devices;
  for (const auto& installed : installation.devices) {
    const auto& key = installed.settings.key;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), key) == wanted.end()) continue;
    auto& points = kinds[installed.profile.get()];
    if (!points) points = points_of(*installed.profile);
    devices.push_back({key, points, sources_of(installed)});
  }
  return devices;
}

}  // namespace fettle
