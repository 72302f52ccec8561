#include "sensor_wiring.hpp"

#include "case_wiring.hpp"
#include "channels.hpp"
#include "core/state.hpp"
#include "health/equipment_model.hpp"
#include "manipulation/point_facts.hpp"

#include <fmt/format.h>

namespace fettle {
namespace {

advisory::SlotFacts facts_of(const Asset& asset, const Installation& installation) {
  auto facts = slot_of(asset, installation, "sensor_watch", "time without a measurement");
  facts.mode = PipelineParts::SensorWatch::mode;
  facts.part = "sensor";
  facts.iso14224 = "AIR";
  facts.cause = "the sensor itself, its wiring, or its input";
  facts.effect = "what it would show about the machine is not seen";
  facts.kind = AlertKind::system;
  facts.severity = Severity::minor;
  facts.advice.code = "SENSOR-CHECK";
  facts.advice.text =
      "Compare the sensor with a second instrument; check its wiring and its input; replace it. If several stand still "
      "at once, look after their device first";
  facts.advice.skills = {"controls-1"};
  facts.advice.minutes = 45;
  return facts;
}

/// Only of what moves by itself.
std::optional<manipulation::Input> standstill_of(const Role& role, PointId point, FeatureWiring* features,
                                                 const PipelineParts& parts) {
  const auto& its = parts.points.at(point.index);
  if (features == nullptr || names_a_command(role) || !manipulation::nature_of(its.quantity).sticks)
    return std::nullopt;
  return features->add_standstill(role, {point, its.every});
}

}  // namespace

void wire_sensors(const InstalledAsset& asset, FeatureWiring* features, const Installation& installation,
                  PipelineParts& parts) {
  if (asset.roles.empty() || installation.settings_of(asset.asset) == nullptr ||
      installation.is_disabled(asset.asset, PipelineParts::SensorWatch::mode)) {
    return;
  }
  detection::SensorWatchSettings settings;
  std::vector<PointId> points;
  settings.id = asset.asset.key;
  std::string meaning;
  for (const auto& [role, point] : asset.roles) {
    PipelineParts::SensorChannel channel{static_cast<std::uint32_t>(parts.sensor_watches.size()),
                                         static_cast<std::uint32_t>(settings.sensors.size())};
    PipelineParts::note(parts.sensed, point, channel);
    channel.standstill = true;
    if (const auto standstill = standstill_of(role, point, features, parts))
      PipelineParts::note(parts.sensed, standstill->point, channel);
    if (role == health::maintenance_role) settings.mute = settings.sensors.size();
    settings.sensors.push_back(role);
    points.push_back(point);
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
  health::Limits limits{[](double) { return detection::SensorWatch::warn; },
                        [](double) { return detection::SensorWatch::limit; }, true};
  parts.sensor_watches.push_back({std::make_unique<detection::SensorWatch>(std::move(settings)),
                                  {asset.asset.id, mode_id, std::move(limits)},
                                  mode_id.index,
                                  std::move(points)});
  add_case(asset.asset.id, facts_of(asset.asset, installation), {std::move(indicator)}, parts);
}

}  // namespace fettle
