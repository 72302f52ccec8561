#include "pipeline.hpp"

#include "advisory/wording.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle {
namespace {

using manipulation::Argument;
using manipulation::FeatureSettings;
using manipulation::Formula;
using manipulation::Input;

/// Formulas by where they are used and what they say: fifty equal machines need them once.
using Formulas = std::map<std::string, Formula>;

/// Wires one asset to its model.
class AssetWiring {
 public:
  AssetWiring(const Installation& installation, const InstalledAsset& asset, Formulas& formulas, PipelineParts& parts)
      : installation_{installation},
        asset_{asset},
        model_{installation.models.at(*asset.model)},
        formulas_{formulas},
        parts_{parts} {}

  void wire() {
    for (const auto& [role, point] : asset_.roles) known_[role] = {point, parts_.points.at(point.index).every};
    for (const auto& derived : model_.derived) {
      if (complete(derived.formula.text))
        known_[derived.name] = add_formula(derived.name, derived.quantity, derived.formula.text, {});
    }
    if (model_.running && !complete(model_.running->text)) return;
    if (model_.running) wire_run_state();
    for (const auto& mode : model_.modes) {
      const auto& disabled = settings().disabled_modes;
      if (std::find(disabled.begin(), disabled.end(), mode.name) == disabled.end()) wire_mode(mode);
    }
  }

 private:
  const settings::AssetSettings& settings() const {
    const auto& all = installation_.site.assets;
    return *std::find_if(all.begin(), all.end(),
                         [this](const auto& each) { return each.asset.key == asset_.asset.key; });
  }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& each : known_) result.push_back(each.first);
    for (const auto& each : asset_.parameters) result.push_back(each.first);
    return result;
  }

  /// True if everything that a formula names is wired.
  bool complete(const std::string& text) const {
    const auto variables = manipulation::variables_of(text);
    return std::all_of(variables.begin(), variables.end(), [this](const std::string& name) {
      return known_.count(name) != 0 || asset_.parameters.count(name) != 0;
    });
  }

  /// Within one model, the same text with the same kind of variables is the same formula.
  Formula formula(const std::string& text, const char* kind, const std::vector<std::string>& variables) const {
    return formulas_.try_emplace(fmt::format("{}\n{}\n{}", model_.name, kind, text), text, variables).first->second;
  }

  FeatureSettings compiled(const std::string& text) const {
    FeatureSettings feature;
    feature.formula = formula(text, "roles", names());
    for (const auto& name : feature.formula->used()) {
      const auto input = known_.find(name);
      if (input == known_.end()) {
        feature.arguments.push_back({std::nullopt, asset_.parameters.at(name)});
        continue;
      }
      feature.arguments.push_back({input->second});
      feature.every = std::max(feature.every, input->second.every);
    }
    return feature;
  }

  Input add_point(const std::string& role, Quantity quantity, Duration every) {
    Point point;
    point.id = {static_cast<std::uint32_t>(parts_.points.size())};
    point.asset = asset_.asset.id;
    point.role = role;
    point.quantity = quantity;
    point.every = every;
    parts_.points.push_back(point);
    return {point.id, every};
  }

  void add_feature(const char* kind, FeatureSettings feature) {
    auto made = Registry<manipulation::Feature>::instance().find(kind)->make(std::move(feature));
    parts_.listeners.resize(parts_.points.size());
    for (const auto input : made->inputs()) parts_.listeners[input.index].push_back(parts_.features.size());
    parts_.features.push_back(std::move(made));
  }

  void wire_run_state() {
    auto feature = compiled(model_.running->text);
    feature.delay = model_.start_up;
    gate_ = add_point("running", Quantity::state, feature.every);
    feature.target = gate_->point;
    add_feature("run_state", std::move(feature));
  }

  Input add_formula(const std::string& role, Quantity quantity, const std::string& text, std::optional<Input> gate) {
    auto feature = compiled(text);
    const auto target = add_point(role, quantity, feature.every);
    feature.target = target.point;
    feature.gate = gate;
    add_feature("formula", std::move(feature));
    return target;
  }

  void wire_mode(const health::ModeModel& mode) {
    std::vector<advisory::IndicatorFacts> facts;
    const ModeId mode_id{static_cast<std::uint32_t>(parts_.cases.size())};
    for (const auto& indicator : mode.indicators) {
      if (!complete(indicator.formula.text)) continue;
      wire_indicator(mode, indicator, mode_id, facts.size());
      const auto id = fmt::format("{}/{}", asset_.asset.key, indicator.name);
      facts.push_back(
          {id, indicator.brick, indicator.title, indicator.quantity, indicator.every, meaning_of(indicator)});
    }
    if (facts.empty()) return;
    if (mode.energy) wire_energy(mode, mode_id);
    parts_.cases.push_back(std::make_unique<advisory::ModeCase>(slot_facts(mode), std::move(facts)));
    parts_.modes.push_back({asset_.asset.id, mode.name, mode.iso14224, mode.advice.code, mode.detector});
  }

  void wire_indicator(const health::ModeModel& mode, const health::IndicatorModel& indicator, ModeId mode_id,
                      std::size_t place) {
    const auto raw = add_formula(indicator.name, indicator.quantity, indicator.formula.text, gate_);
    const auto median = add_point(indicator.name, indicator.quantity, indicator.every);
    FeatureSettings feature;
    feature.target = median.point;
    feature.every = indicator.every;
    feature.arguments = {{raw}};
    add_feature("period_median", std::move(feature));

    const auto id = fmt::format("{}/{}/{}", asset_.asset.key, mode.name, indicator.name);
    const auto meaning = meaning_of(indicator);
    const auto& detectors = Registry<detection::Detector>::instance();
    const auto& forecasters = Registry<prognosis::Forecaster>::instance();
    parts_.judged.resize(parts_.points.size());
    parts_.judged[median.point.index] = parts_.indicators.size();
    parts_.indicators.push_back(
        {indicator.name, detectors.find(mode.detector)->make({id, indicator.every, indicator.learn, meaning}),
         health::Assessor{asset_.asset.id, mode_id, limits(indicator)},
         forecasters.find(mode.forecaster)->make({id, indicator.every, mode.horizon, meaning}), mode_id.index, place});
  }

  /// Only where both the indicator and the power can be read.
  void wire_energy(const health::ModeModel& mode, ModeId mode_id) {
    const auto* const indicator = health::wasteful_indicator(mode);
    const auto wired = std::find_if(parts_.indicators.begin(), parts_.indicators.end(), [&](const auto& each) {
      return each.mode_case == mode_id.index && each.name == indicator->name;
    });
    if (wired == parts_.indicators.end() || !complete(mode.energy->of.text)) return;
    const auto power = add_formula(mode.energy->of.text, Quantity::active_power, mode.energy->of.text, gate_);
    const auto& tariff = installation_.site.tariff;
    health::EnergySettings account;
    account.id = fmt::format("{}/{}", asset_.asset.key, mode.name);
    account.every = power.every;
    account.meaning =
        hash_of(fmt::format("{} {}", mode.energy->of.text, mode.energy->share.text), meaning_of(*indicator));
    account.share = share(mode.energy->share.text);
    if (tariff) account.price = tariff->per_kwh;
    if (tariff) account.currency = tariff->currency;
    wired->meter = parts_.meters.size();
    parts_.metered.resize(parts_.points.size());
    parts_.metered[power.point.index] = parts_.meters.size();
    parts_.meters.push_back({std::make_unique<health::EnergyAccount>(std::move(account)), mode_id.index});
  }

  /// What was learned about an indicator is of no use for one that is made of other things.
  std::uint64_t meaning_of(const health::IndicatorModel& indicator) const {
    auto text = fmt::format("{} | {} | {} | {}", indicator.formula.text, indicator.warn.text, indicator.limit.text,
                            model_.running ? model_.running->text : "");
    for (const auto& derived : model_.derived) text += " | " + derived.formula.text;
    for (const auto& [name, value] : asset_.parameters) text += fmt::format(" | {} {}", name, value);
    for (const auto& [role, source] : asset_.sources) text += fmt::format(" | {} {}", role, source);
    return hash_of(text);
  }

  health::Limits limits(const health::IndicatorModel& indicator) const {
    return {limit(indicator.warn.text), limit(indicator.limit.text), indicator.learn.count() == 0};
  }

  /// A limit as a function of the baseline b.
  std::function<double(double)> limit(const std::string& text) const {
    std::vector<std::string> variables{"b"};
    for (const auto& each : asset_.parameters) variables.push_back(each.first);
    const auto limit = formula(text, "limit", variables);
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
    const auto wasted = formula(text, "share", variables);
    return [wasted, parameters = asset_.parameters, values = std::vector<double>(wasted.used().size())](
               double baseline, double value) mutable {
      std::transform(wasted.used().begin(), wasted.used().end(), values.begin(), [&](const std::string& name) {
        return name == "b" ? baseline : (name == "x" ? value : parameters.at(name));
      });
      return wasted(values);
    };
  }

  advisory::SlotFacts slot_facts(const health::ModeModel& mode) const {
    advisory::SlotFacts facts;
    facts.asset = asset_.asset.key;
    facts.asset_class = model_.name;
    facts.mode = mode.name;
    facts.part = mode.part;
    facts.iso14224 = mode.iso14224;
    facts.cause = mode.cause;
    facts.effect = mode.effect;
    facts.severity = mode.severity;
    facts.horizon = mode.horizon;
    facts.advice = mode.advice;
    facts.customer_note = advisory::fill_note(mode.customer_note, asset_.asset);
    facts.closing_note = advisory::fill_note(mode.closing_note, asset_.asset);
    facts.detector = {mode.detector, "1.0", mode.forecaster,
                      fmt::format("{:08x}", installation_.fingerprint & 0xffffffffU)};
    facts.identity = installation_.site.gateway.id;
    return facts;
  }

  const Installation& installation_;
  const InstalledAsset& asset_;
  const health::EquipmentModel& model_;
  Formulas& formulas_;
  PipelineParts& parts_;
  std::map<std::string, Input> known_;
  std::optional<Input> gate_;
};

}  // namespace

PipelineParts wire_up(const Installation& installation) {
  PipelineParts parts;
  parts.points = installation.points;
  Formulas formulas;
  for (const auto& asset : installation.assets) {
    if (asset.model) AssetWiring{installation, asset, formulas, parts}.wire();
  }
  parts.listeners.resize(parts.points.size());
  parts.judged.resize(parts.points.size());
  parts.metered.resize(parts.points.size());
  return parts;
}

}  // namespace fettle
