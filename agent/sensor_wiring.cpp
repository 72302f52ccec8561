#include "sensor_wiring.hpp"

#include "core/state.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle {
namespace {

advisory::SlotFacts facts_of(const Asset& asset, const Installation& installation) {
  advisory::SlotFacts facts;
  facts.asset = asset.key;
  facts.asset_class = asset.model_class;
  facts.mode = PipelineParts::SensorWatch::mode;
  facts.part = "sensor";
  facts.iso14224 = "AIR";
  facts.cause = "the sensor itself, its wiring, or its input";
  facts.effect = "what it would show about the machine is not seen";
  facts.kind = AlertKind::system;
  facts.severity = Severity::minor;
  facts.advice.code = "SENSOR-CHECK";
  facts.advice.text = "Compare the sensor with a second instrument; check its wiring and its input; replace it";
  facts.advice.skills = {"controls-1"};
  facts.advice.minutes = 45;
  facts.detector = {"sensor_watch", "1.0", "time without a measurement",
                    fmt::format("{:08x}", installation.fingerprint & 0xffffffffU)};
  facts.identity = installation.site.gateway.id;
  return facts;
}

std::string for_people(std::string role) {
  std::replace(role.begin(), role.end(), '_', ' ');
  return role;
}

void listen(PointId point, PipelineParts::Channel channel, PipelineParts& parts) {
  if (parts.sensed.size() <= point.index) parts.sensed.resize(point.index + std::size_t{1});
  parts.sensed[point.index] = channel;
}

}  // namespace

void wire_sensors(const InstalledAsset& asset, const Installation& installation, PipelineParts& parts) {
  if (asset.roles.empty() || installation.settings_of(asset.asset) == nullptr ||
      installation.is_disabled(asset.asset, PipelineParts::SensorWatch::mode)) {
    return;
  }
  detection::SensorWatchSettings settings;
  settings.id = asset.asset.key;
  std::string meaning;
  for (const auto& [role, point] : asset.roles) {
    listen(
        point,
        {static_cast<std::uint32_t>(parts.sensor_watches.size()), static_cast<std::uint32_t>(settings.sensors.size())},
        parts);
    settings.sensors.push_back(for_people(role));
    const auto source = asset.sources.find(role);
    meaning += fmt::format(" | {} {}", role, source == asset.sources.end() ? "" : source->second);
  }
  settings.meaning = hash_of(meaning);
  const ModeId mode_id{static_cast<std::uint32_t>(parts.cases.size())};
  advisory::IndicatorFacts indicator;
  indicator.id = fmt::format("{}/{}", asset.asset.key, PipelineParts::SensorWatch::indicator);
  indicator.label = "Time without a measurement, as a share of what is waited for";
  indicator.every = detection::SensorWatch::step;
  indicator.meaning = settings.meaning;
  auto facts = facts_of(asset.asset, installation);
  health::Limits limits{[](double) { return detection::SensorWatch::warn; },
                        [](double) { return detection::SensorWatch::limit; }, true};
  parts.sensor_watches.push_back({std::make_unique<detection::SensorWatch>(std::move(settings)),
                                  {asset.asset.id, mode_id, std::move(limits)},
                                  mode_id.index});
  parts.modes.push_back({asset.asset.id, facts.mode, facts.iso14224, facts.advice.code, facts.detector.id});
  parts.cases.push_back(std::make_unique<advisory::ModeCase>(
      std::move(facts), std::vector<advisory::IndicatorFacts>{std::move(indicator)}));
}

}  // namespace fettle
