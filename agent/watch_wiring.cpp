#include "watch_wiring.hpp"

#include "case_wiring.hpp"
#include "manipulation/rhythm.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle {
namespace {

using manipulation::FeatureSettings;
using manipulation::Input;

using NamedInput = std::pair<std::string, Input>;

bool is_wanted(const Installation& installation, const Asset& asset) {
  return installation.site.detection.watch && installation.settings_of(asset) != nullptr &&
         !installation.is_disabled(asset, PipelineParts::Watch::mode);
}

/// States only switch, and numbers of starts and run hours only grow.
bool is_worth_watching(Quantity quantity) {
  return quantity != Quantity::state && quantity != Quantity::count && quantity != Quantity::duration;
}

/// The weather is no machine's behaviour; a year has many days that are unlike all before.
bool is_weather(const Role& role, const InstalledAsset& asset, const std::vector<health::EquipmentModel>& models) {
  if (!asset.model) return false;
  const auto& roles = models.at(*asset.model).roles;
  const auto found = std::find_if(roles.begin(), roles.end(), [&role](const auto& each) { return each.name == role; });
  return found != roles.end() && found->brick.starts_with("brick:Outside_Air");
}

std::vector<NamedInput> inputs_of(const InstalledAsset& asset, const FeatureWiring* features,
                                  const std::vector<health::EquipmentModel>& models, const std::vector<Point>& points) {
  std::vector<NamedInput> inputs;
  for (const auto& [role, point] : asset.roles) {
    if (!is_weather(role, asset, models)) inputs.emplace_back(role, Input{point, points.at(point.index).every});
  }
  if (features != nullptr) inputs.insert(inputs.end(), features->by_features().begin(), features->by_features().end());
  std::erase_if(
      inputs, [&points](const auto& each) { return !is_worth_watching(points.at(each.second.point.index).quantity); });
  return inputs;
}

advisory::SlotFacts facts_of(const Asset& asset, const Installation& installation) {
  auto facts = slot_of(asset, installation, "panel", "conformal martingale");
  facts.mode = PipelineParts::Watch::mode;
  facts.iso14224 = "UNK";
  facts.severity = Severity::warning;
  facts.advice.code = "ASSET-INSPECT";
  facts.advice.text = "Look at the readings named here; they alone are no reason for a visit";
  return facts;
}

/// The mean of what is read within the watch's rhythm, as a point of its own.
void add_channel(const NamedInput& input, PipelineParts::Channel channel, PipelineParts& parts) {
  const auto origin = parts.points.at(input.second.point.index);
  const auto every = std::max(manipulation::rhythm_of(origin.quantity), input.second.every);
  const auto calm = add_point(parts, origin.asset, input.first, origin.quantity, every);
  FeatureSettings feature;
  feature.target = calm.point;
  feature.every = every;
  feature.arguments = {{input.second}};
  add_feature(parts, is_counter(origin.quantity) ? "period_rate" : "period_mean", std::move(feature));
  PipelineParts::note(parts.watched, calm.point, channel);
}

/// As many as there is memory for.
void keep_within_memory(std::vector<NamedInput>& inputs, WiringHelp& help) {
  const auto kept = static_cast<std::size_t>(
      std::min<std::uint64_t>(inputs.size(), help.watch_memory / detection::ChannelWatch::bytes));
  help.unwatched += inputs.size() - kept;
  inputs.resize(kept);
  help.watch_memory -= inputs.size() * detection::ChannelWatch::bytes;
}

std::string meaning_of(const std::vector<NamedInput>& inputs, const InstalledAsset& asset,
                       const FeatureWiring* features) {
  auto meaning = features == nullptr ? std::string{} : features->meaning();
  for (const auto& [name, input] : inputs) {
    const auto source = asset.sources.find(name);
    meaning +=
        fmt::format(" | {} {} {}", name, source == asset.sources.end() ? "" : source->second, input.every.count());
  }
  return meaning;
}

}  // namespace

void wire_watch(const InstalledAsset& asset, const FeatureWiring* features, WiringHelp& help, PipelineParts& parts) {
  const auto& installation = help.installation;
  if (!is_wanted(installation, asset.asset)) return;
  auto inputs = inputs_of(asset, features, installation.models, parts.points);
  keep_within_memory(inputs, help);
  if (inputs.empty()) return;

  detection::AssetWatchSettings settings;
  settings.id = asset.asset.key;
  settings.meaning = hash_of(meaning_of(inputs, asset, features));
  settings.alarms_per_month = installation.site.detection.alarms_per_asset_month;
  settings.zone = help.zone;
  for (const auto& input : inputs) {
    const auto quantity = parts.points.at(input.second.point.index).quantity;
    add_channel(input,
                {static_cast<std::uint32_t>(parts.watches.size()), static_cast<std::uint32_t>(settings.channels.size()),
                 quantity},
                parts);
    settings.channels.push_back(input.first);
  }
  const ModeId mode_id{static_cast<std::uint32_t>(parts.cases.size())};
  advisory::IndicatorFacts indicator;
  indicator.id = fmt::format("{}/{}", asset.asset.key, PipelineParts::Watch::indicator);
  indicator.label = "Evidence of a change";
  indicator.quantity = Quantity::count;
  indicator.every = detection::AssetWatch::step;
  indicator.meaning = settings.meaning;
  auto watch = std::make_unique<detection::AssetWatch>(std::move(settings));
  const auto limit = [limit = watch->limit()](double) { return limit; };
  parts.watches.push_back({std::move(watch), {asset.asset.id, mode_id, {limit, limit}}, mode_id.index});
  add_case(asset.asset.id, facts_of(asset.asset, installation), {std::move(indicator)}, parts);
}

}  // namespace fettle
