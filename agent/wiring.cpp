#include "case_wiring.hpp"
#include "cause_wiring.hpp"
#include "circumstance_wiring.hpp"
#include "sensor_wiring.hpp"
#include "watch_wiring.hpp"

#include "advisory/wording.hpp"
#include "health/excess_account.hpp"
#include "settings/fields.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>

namespace fettle {
namespace {

/// Wires one asset to its model.
class AssetWiring {
 public:
  AssetWiring(const Installation& installation, const InstalledAsset& asset, WiringHelp& help, PipelineParts& parts)
      : installation_{installation},
        asset_{asset},
        model_{installation.models.at(*asset.model)},
        parts_{parts},
        features_{asset, help, parts} {}

  /// Gives back what it made of the model's derived quantities.
  FeatureWiring& wire() {
    if (features_.wire()) wire_modes();
    return features_;
  }

 private:
  void wire_modes() {
    for (const auto& mode : model_.modes) {
      if (!installation_.is_disabled(asset_.asset, mode.name)) wire_mode(mode);
    }
  }

  void wire_mode(const health::ModeModel& mode) {
    std::vector<advisory::IndicatorFacts> facts;
    const ModeId mode_id{static_cast<std::uint32_t>(parts_.cases.size())};
    for (const auto& indicator : mode.indicators) {
      if (!features_.complete(indicator.formula.text)) continue;
      wire_indicator(mode, indicator, mode_id, facts.size());
      const auto id = fmt::format("{}/{}", asset_.asset.key, indicator.name);
      facts.push_back({id, indicator.brick, indicator.title, indicator.quantity, indicator.every, meaning_of(indicator),
                       inputs_of(asset_, model_, indicator.formula.text),
                       sensors_of(asset_, model_, indicator.formula.text), indicator.foretells,
                       !indicator.while_running});
    }
    if (facts.empty()) return;
    if (mode.energy) wire_energy(mode, mode_id);
    add_case(asset_.asset.id, slot_facts(mode), std::move(facts), parts_);
  }

  void wire_indicator(const health::ModeModel& mode, const health::IndicatorModel& indicator, ModeId mode_id,
                      std::size_t place) {
    const auto raw = indicator.while_running
                         ? features_.add_gated_formula(indicator.name, indicator.quantity, indicator.formula.text)
                         : features_.add_open_formula(indicator.name, indicator.quantity, indicator.formula.text);
    const auto median = features_.add_median(indicator.name, indicator.quantity, indicator.every, raw);
    const auto id = fmt::format("{}/{}/{}", asset_.asset.key, mode.name, indicator.name);
    const auto meaning = meaning_of(indicator);
    const auto& detectors = Registry<detection::Detector>::instance();
    const auto& forecasters = Registry<prognosis::Forecaster>::instance();
    PipelineParts::note(parts_.judged, median.point, parts_.indicators.size());
    parts_.indicators.push_back(
        {indicator.name, detectors.find(mode.detector)->make({id, indicator.every, indicator.learn, meaning}),
         health::Assessor{asset_.asset.id, mode_id, limits(indicator)},
         forecasters.find(indicator.foretells ? mode.forecaster : "none")
             ->make({id, indicator.every, mode.horizon, meaning}),
         mode_id.index, place, std::nullopt, features_.learners(indicator.formula.text), indicator.quantity});
  }

  /// Only where both the indicator and the power can be read.
  void wire_energy(const health::ModeModel& mode, ModeId mode_id) {
    const auto* const indicator = health::wasteful_indicator(mode);
    const auto wired = std::find_if(parts_.indicators.begin(), parts_.indicators.end(), [&](const auto& each) {
      return each.mode_case == mode_id.index && each.name == indicator->name;
    });
    const auto& text = mode.energy->excess.text.empty() ? mode.energy->of.text : mode.energy->excess.text;
    if (wired == parts_.indicators.end() || !features_.complete(text)) return;
    const auto power = features_.add_gated_formula(text, Quantity::active_power, text);
    wired->meter = parts_.meters.size();
    PipelineParts::note(parts_.metered, power.point, parts_.meters.size());
    const auto meaning = hash_of(fmt::format("{} {}", text, mode.energy->share.text), meaning_of(*indicator));
    const auto id = fmt::format("{}/{}", asset_.asset.key, mode.name);
    parts_.meters.push_back({account(*mode.energy, id, power.every, meaning), mode_id.index});
  }

  std::unique_ptr<health::WasteAccount> account(const health::EnergyModel& energy, const std::string& id,
                                                Duration every, std::uint64_t meaning) const {
    const auto tariff = installation_.site.tariff.value_or(settings::Tariff{});
    const auto price = installation_.site.tariff ? std::optional{tariff.per_kwh} : std::nullopt;
    if (!energy.excess.text.empty())
      return std::make_unique<health::ExcessAccount>(
          health::ExcessSettings{id, every, meaning, price, tariff.currency});
    return std::make_unique<health::EnergyAccount>(
        health::EnergySettings{id, every, meaning, share(energy.share.text), price, tariff.currency});
  }

  /// What was learned about an indicator is of no use for one that is made of other things.
  std::uint64_t meaning_of(const health::IndicatorModel& indicator) const {
    return hash_of(fmt::format("{} | {} | {} | {}", indicator.formula.text, indicator.warn.text, indicator.limit.text,
                               features_.meaning()));
  }

  health::Limits limits(const health::IndicatorModel& indicator) const {
    return {limit(indicator.warn.text), limit(indicator.limit.text), indicator.learn.count() == 0};
  }

  /// A limit as a function of the baseline b.
  std::function<double(double)> limit(const std::string& text) const {
    std::vector<std::string> variables{"b"};
    for (const auto& each : asset_.parameters) variables.push_back(each.first);
    const auto limit = features_.formula(text, "limit", variables);
    std::vector<double> values;
    for (const auto& name : limit.used()) values.push_back(name == "b" ? 0 : asset_.parameters.at(name));
    return [limit, values](double baseline) mutable {
      if (!limit.used().empty() && limit.used().front() == "b") values.front() = baseline;
      return limit(values);
    };
  }

  /// The wasted share as a function of the baseline b and the indicator's value x.
  std::function<double(double, double)> share(const std::string& text) const {
    std::vector<std::string> variables{"b", "x"};
    for (const auto& each : asset_.parameters) variables.push_back(each.first);
    const auto wasted = features_.formula(text, "share", variables);
    return [wasted, parameters = asset_.parameters, values = std::vector<double>(wasted.used().size())](
               double baseline, double value) mutable {
      std::transform(wasted.used().begin(), wasted.used().end(), values.begin(), [&](const std::string& name) {
        return name == "b" ? baseline : (name == "x" ? value : parameters.at(name));
      });
      return wasted(values);
    };
  }

  advisory::SlotFacts slot_facts(const health::ModeModel& mode) const {
    auto facts = slot_of(asset_.asset, installation_, mode.detector, mode.forecaster);
    facts.mode = mode.name;
    facts.part = mode.part;
    facts.iso14224 = mode.iso14224;
    facts.cause = mode.cause;
    facts.effect = mode.effect;
    facts.kind = mode.opportunity ? AlertKind::service : AlertKind::fault;
    facts.severity = mode.severity;
    facts.horizon = mode.horizon;
    facts.advice = mode.advice;
    facts.customer_note = advisory::fill_note(mode.customer_note, asset_.asset);
    facts.closing_note = advisory::fill_note(mode.closing_note, asset_.asset);
    return facts;
  }

  const Installation& installation_;
  const InstalledAsset& asset_;
  const health::EquipmentModel& model_;
  PipelineParts& parts_;
  FeatureWiring features_;
};

}  // namespace

PipelineParts wire_up(const Installation& installation) {
  PipelineParts parts;
  parts.points = installation.points;
  WiringHelp help{installation, {}, installation.zone, installation.site.detection.memory};
  for (const auto& asset : installation.assets) {
    std::optional<AssetWiring> wiring;
    if (asset.model) wiring.emplace(installation, asset, help, parts);
    auto* const features = wiring ? &wiring->wire() : nullptr;
    wire_watch(asset, features, help, parts);
    wire_sensors(asset, features, installation, parts);
  }
  wire_causes(installation, parts);
  wire_circumstances(installation, parts);
  if (help.unwatched > 0) {
    spdlog::warn("there is no memory to watch {} readings for anything unusual; raise detection.memory ({} each)",
                 help.unwatched, settings::size_to_text(detection::ChannelWatch::bytes));
  }
  return parts;
}

}  // namespace fettle
