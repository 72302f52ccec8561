#include "feature_wiring.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

namespace fettle {

using manipulation::Argument;
using manipulation::FeatureSettings;
using manipulation::Formula;
using manipulation::Input;

namespace {

/// What was learned about something is of no use for one that is made of other things.
std::string meaning_of(const InstalledAsset& asset, const health::EquipmentModel& model) {
  auto text = model.running ? model.running->text : std::string{};
  for (const auto& derived : model.derived)
    text += fmt::format(" | {} {} {} {}", derived.formula.text, derived.feature, fmt::join(derived.of, " "),
                        derived.every.count());
  for (const auto& derived : model.derived) {
    for (const auto& [name, value] : derived.with) text += fmt::format(" | {} {}", name, value);
  }
  for (const auto& [name, value] : asset.parameters) text += fmt::format(" | {} {}", name, value);
  for (const auto& [role, source] : asset.sources) text += fmt::format(" | {} {}", role, source);
  return text;
}

}  // namespace

Input add_point(PipelineParts& parts, AssetId asset, const std::string& role, Quantity quantity, Duration every) {
  Point point;
  point.id = {static_cast<std::uint32_t>(parts.points.size())};
  point.asset = asset;
  point.role = role;
  point.quantity = quantity;
  point.every = every;
  parts.points.push_back(point);
  return {point.id, every};
}

void add_feature(PipelineParts& parts, std::string_view kind, FeatureSettings feature) {
  auto made = Registry<manipulation::Feature>::instance().find(kind)->make(std::move(feature));
  parts.listeners.resize(parts.points.size());
  for (const auto input : made->inputs()) parts.listeners[input.index].push_back(parts.features.size());
  parts.features.push_back(std::move(made));
}

FeatureWiring::FeatureWiring(const InstalledAsset& asset, WiringHelp& help, PipelineParts& parts)
    : asset_{asset},
      model_{help.installation.models.at(*asset.model)},
      help_{help},
      parts_{parts},
      meaning_{meaning_of(asset, model_)} {}

bool FeatureWiring::wire() {
  for (const auto& [role, point] : asset_.roles) known_[role] = {point, parts_.points.at(point.index).every};
  for (const auto& derived : model_.derived) {
    if (!complete(derived)) continue;
    if (derived.while_running && !gate_) wire_run_state();
    known_[derived.name] = add_derived(derived);
  }
  wire_supplies();
  if (!model_.running) return true;
  if (!complete(model_.running->text)) return false;
  if (!gate_) wire_run_state();
  return true;
}

bool FeatureWiring::complete(const std::string& text) const {
  const auto variables = manipulation::variables_of(text);
  return std::all_of(variables.begin(), variables.end(), [this](const std::string& name) {
    return known_.contains(name) || asset_.parameters.contains(name);
  });
}

bool FeatureWiring::complete(const health::DerivedModel& derived) const {
  if (derived.while_running && !(model_.running && complete(model_.running->text))) return false;
  if (!derived.formula.text.empty()) return complete(derived.formula.text);
  return std::all_of(derived.of.begin(), derived.of.end(), [this](const std::string& name) { return complete(name); });
}

std::vector<std::string> FeatureWiring::names() const {
  std::vector<std::string> result;
  for (const auto& each : known_) result.push_back(each.first);
  for (const auto& each : asset_.parameters) result.push_back(each.first);
  return result;
}

Formula FeatureWiring::formula(const std::string& text, const char* kind,
                               const std::vector<std::string>& variables) const {
  const auto key = fmt::format("{}\n{}\n{}", model_.name, kind, text);
  return help_.formulas.try_emplace(key, text, variables).first->second;
}

Argument FeatureWiring::argument(const std::string& name) const {
  const auto input = known_.find(name);
  if (input == known_.end()) return {std::nullopt, asset_.parameters.at(name)};
  return {input->second};
}

std::vector<Argument> FeatureWiring::arguments(const health::DerivedModel& derived) const {
  std::vector<Argument> result;
  for (const auto& name : derived.of) result.push_back(argument(name));
  if (!derived.siblings) return result;
  for (const auto& other : help_.installation.assets) {
    if (other.model != asset_.model || other.asset.id == asset_.asset.id) continue;
    for (const auto& name : derived.of) {
      const auto role = other.roles.find(name);
      if (role != other.roles.end())
        result.push_back({Input{role->second, parts_.points.at(role->second.index).every}});
    }
  }
  return result;
}

FeatureSettings FeatureWiring::compiled(const std::string& text) const {
  FeatureSettings feature;
  feature.formula = formula(text, "roles", names());
  for (const auto& name : feature.formula->used()) feature.arguments.push_back(argument(name));
  feature.every = manipulation::slowest(feature.arguments);
  return feature;
}

void FeatureWiring::wire_supplies() {
  for (const auto& supply : model_.supplies) {
    if (!complete(supply.text)) continue;
    const auto tells = add_open_formula("supplies", Quantity::state, supply.text);
    parts_.supplies.push_back({asset_.asset.id, tells.point, {}});
  }
}

void FeatureWiring::wire_run_state() {
  auto feature = compiled(model_.running->text);
  feature.delay = model_.start_up;
  gate_ = add_point(parts_, asset_.asset.id, "running", Quantity::state, feature.every);
  feature.target = gate_->point;
  add_feature(parts_, "run_state", std::move(feature));
}

Input FeatureWiring::add_formula(const std::string& role, Quantity quantity, const std::string& text,
                                 std::optional<Input> gate) {
  auto feature = compiled(text);
  const auto target = add_point(parts_, asset_.asset.id, role, quantity, feature.every);
  feature.target = target.point;
  feature.gate = gate;
  add_feature(parts_, "formula", std::move(feature));
  return target;
}

Input FeatureWiring::add_derived(const health::DerivedModel& derived) {
  const auto gate = derived.while_running ? gate_ : std::nullopt;
  if (!derived.formula.text.empty()) return add_formula(derived.name, derived.quantity, derived.formula.text, gate);
  FeatureSettings feature;
  feature.arguments = arguments(derived);
  feature.every = std::max(derived.every, manipulation::slowest(feature.arguments));
  const auto target = add_point(parts_, asset_.asset.id, derived.name, derived.quantity, feature.every);
  feature.target = target.point;
  feature.gate = gate;
  feature.options = derived.with;
  feature.zone = help_.zone;
  feature.id = fmt::format("{}/{}", asset_.asset.key, derived.name);
  feature.meaning = hash_of(meaning_);
  makers_[derived.name] = parts_.features.size();
  add_feature(parts_, derived.feature, std::move(feature));
  by_features_.emplace_back(derived.name, target);
  return target;
}

std::optional<Input> FeatureWiring::add_standstill(const std::string& role, Input of) {
  if (!gate_) return std::nullopt;
  const auto target = add_point(parts_, asset_.asset.id, role, Quantity::state, of.every);
  FeatureSettings feature;
  feature.target = target.point;
  feature.every = of.every;
  feature.arguments = {{of}};
  feature.gate = gate_;
  feature.quantity = parts_.points.at(of.point.index).quantity;
  feature.id = fmt::format("{}/{} standstill", asset_.asset.key, role);
  feature.meaning = hash_of(meaning_);
  add_feature(parts_, "standstill", std::move(feature));
  return target;
}

std::vector<std::size_t> FeatureWiring::learners(const std::string& formula) const {
  std::vector<std::size_t> result;
  const auto names = manipulation::variables_of(formula);
  for (const auto& derived : model_.derived) {
    if (std::find(names.begin(), names.end(), derived.name) == names.end()) continue;
    const auto maker = makers_.find(derived.name);
    if (maker != makers_.end()) result.push_back(maker->second);
    auto behind = derived.of;
    if (!derived.formula.text.empty()) behind = {derived.formula.text};
    for (const auto& each : behind) {
      const auto others = learners(each);
      result.insert(result.end(), others.begin(), others.end());
    }
  }
  return result;
}

Input FeatureWiring::add_gated_formula(const std::string& role, Quantity quantity, const std::string& text) {
  return add_formula(role, quantity, text, gate_);
}

Input FeatureWiring::add_open_formula(const std::string& role, Quantity quantity, const std::string& text) {
  return add_formula(role, quantity, text, std::nullopt);
}

Input FeatureWiring::add_median(const std::string& role, Quantity quantity, Duration every, Input of) {
  const auto median = add_point(parts_, asset_.asset.id, role, quantity, every);
  FeatureSettings feature;
  feature.target = median.point;
  feature.every = every;
  feature.arguments = {{of}};
  add_feature(parts_, "period_median", std::move(feature));
  return median;
}

}  // namespace fettle
