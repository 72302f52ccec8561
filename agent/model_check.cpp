#include "model_check.hpp"

#include "cause_check.hpp"
#include "core/registry.hpp"
#include "detection/detector.hpp"
#include "manipulation/feature.hpp"
#include "prognosis/forecaster.hpp"
#include "settings/nearest.hpp"
#include "unknown_part.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <cctype>

namespace fettle {
namespace {

using health::EquipmentModel;
using health::FormulaText;
using settings::Mistakes;

using Names = std::vector<std::string>;

/// Where a name stands as a whole word; it does.
std::size_t position_of(std::string_view name, std::string_view text) {
  const auto in_word = [text](std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
  };
  auto at = text.find(name);
  while (at != std::string_view::npos && ((at > 0 && in_word(at - 1)) || in_word(at + name.size())))
    at = text.find(name, at + 1);
  return at == std::string_view::npos ? 0 : at;
}

std::string not_known(const std::string& name, const Names& names) {
  if (name == "b") return "\"b\" is the learned baseline, and nothing is learned here (give a `learn:` time)";
  return fmt::format("\"{}\" is not known here{}", name, settings::hint(name, names, "known are"));
}

/// The names in a formula that it may not use; none if it is too wrong to tell.
Names unknown_names(const std::string& formula, const Names& names) {
  try {
    auto unknown = manipulation::variables_of(formula);
    std::erase_if(unknown,
                  [&names](const auto& name) { return std::find(names.begin(), names.end(), name) != names.end(); });
    return unknown;
  } catch (const manipulation::FormulaError&) {
    return {};
  }
}

/// A mistake is shown where it stands inside the text.
void check_formula(const FormulaText& formula, const Names& names, Mistakes& mistakes) {
  if (formula.node.kind() != settings::Node::Kind::scalar || formula.node.reported()) return;
  const auto& [text, node] = formula;
  try {
    const manipulation::Formula compiled{text, names};
  } catch (const manipulation::FormulaError& error) {
    const auto unknown = unknown_names(text, names);
    if (unknown.empty()) mistakes.add({node.place(error.position), node.path(), error.text});
    for (const auto& name : unknown) {
      mistakes.add({node.place(position_of(name, text)), node.path(), not_known(name, names)});
    }
  }
}

template <class Part>
bool check_part(const std::string& name, std::string_view kind, const settings::Node& node, Mistakes& mistakes) {
  const auto mistake = unknown_part<Part>(kind, name);
  if (!mistake.empty()) mistakes.add(node[kind], mistake);
  return mistake.empty();
}

/// A feature says itself what it can be made of: it is made on trial.
void check_feature(const health::DerivedModel& derived, const Names& names, const Names& parameters,
                   Mistakes& mistakes) {
  if (derived.feature.empty() || derived.node.reported()) return;
  if (!check_part<manipulation::Feature>(derived.feature, "feature", derived.node, mistakes)) return;
  manipulation::FeatureSettings settings;
  settings.every = std::max(derived.every, Duration{std::chrono::minutes{1}});
  settings.options = derived.with;
  settings.zone = std::make_shared<const Zone>();
  const auto places = derived.node["of"].items();
  for (std::size_t i = 0; i < derived.of.size(); ++i) {
    const auto& name = derived.of[i];
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      mistakes.add(places.at(i), not_known(name, names));
      return;
    }
    const bool constant = std::find(parameters.begin(), parameters.end(), name) != parameters.end();
    settings.arguments.push_back({});
    if (!constant) settings.arguments.back().point = {PointId{static_cast<std::uint32_t>(i)}, settings.every};
  }
  try {
    Registry<manipulation::Feature>::instance().find(derived.feature)->make(std::move(settings));
  } catch (const std::invalid_argument& error) {
    mistakes.add(derived.node, fmt::format("{} {}", derived.feature, error.what()));
  }
}

const health::DerivedModel* derived_named(const EquipmentModel& model, std::string_view name) {
  const auto found =
      std::find_if(model.derived.begin(), model.derived.end(), [name](const auto& each) { return each.name == name; });
  return found == model.derived.end() ? nullptr : &*found;
}

std::optional<Quantity> quantity_of(const EquipmentModel& model, std::string_view name) {
  if (const auto* role = model.role(name)) return role->quantity;
  const auto* derived = derived_named(model, name);
  return derived == nullptr ? std::nullopt : std::optional{derived->quantity};
}

Names names_of_indicators(const health::ModeModel& mode) {
  Names names;
  for (const auto& each : mode.indicators) names.push_back(each.name);
  return names;
}

/// What an energy may be a share of.
Names powers_of(const EquipmentModel& model) {
  Names names;
  for (const auto& each : model.roles) {
    if (each.quantity == Quantity::active_power) names.push_back(each.name);
  }
  for (const auto& each : model.derived) {
    if (each.quantity == Quantity::active_power) names.push_back(each.name);
  }
  return names;
}

/// Energy is that of an active power.
void check_power(const EquipmentModel& model, const FormulaText& power, Mistakes& mistakes) {
  if (power.node.kind() != settings::Node::Kind::scalar || power.node.reported()) return;
  const auto quantity = quantity_of(model, power.text);
  if (!quantity) {
    mistakes.add(power.node, fmt::format("there is no role or derived quantity \"{}\"{}", power.text,
                                         settings::hint(power.text, powers_of(model), "there are")));
  } else if (*quantity != Quantity::active_power) {
    mistakes.add(power.node, fmt::format("\"{}\" is {}, and energy is a share of an active_power", power.text,
                                         facts(*quantity).name));
  }
}

/// What a mode wastes is a share of a power, or a residual of one, by one of its indicators.
void check_energy(const EquipmentModel& model, const health::ModeModel& mode, const Names& parameters,
                  Mistakes& mistakes) {
  const auto& energy = *mode.energy;
  const auto* const indicator = health::wasteful_indicator(mode);
  if (indicator == nullptr) {
    const auto names = names_of_indicators(mode);
    mistakes.add(energy.indicator.node, energy.indicator.text.empty()
                                            ? fmt::format("say which indicator: there are {}", fmt::join(names, ", "))
                                            : fmt::format("this mode has no indicator \"{}\"{}", energy.indicator.text,
                                                          settings::hint(energy.indicator.text, names, "it has")));
    return;
  }
  if (!energy.excess.text.empty()) {
    check_power(model, energy.excess, mistakes);
    return;
  }
  auto variables = parameters;
  variables.insert(variables.begin(), "x");
  if (indicator->learn > Duration{0}) variables.insert(variables.begin(), "b");
  check_formula(energy.share, variables, mistakes);
  check_power(model, energy.of, mistakes);
}

/// What one indicator still lacks.
std::vector<Role> missing_roles(const EquipmentModel& model, const std::string& formula, const std::set<Role>& wired) {
  auto needed = roles_needed(model, formula);
  if (model.running) needed.merge(roles_needed(model, model.running->text));
  std::vector<Role> missing;
  for (const auto& role : model.roles) {
    if (needed.contains(role.name) && !wired.contains(role.name)) missing.push_back(role.name);
  }
  return missing;
}

/// What each indicator of a mode lacks, each way once; none if one of them lacks nothing.
std::vector<std::vector<Role>> ways_to_follow(const EquipmentModel& model, const health::ModeModel& mode,
                                              const std::set<Role>& wired) {
  std::vector<std::vector<Role>> ways;
  for (const auto& indicator : mode.indicators) {
    auto missing = missing_roles(model, indicator.formula.text, wired);
    if (missing.empty()) return {};
    if (std::find(ways.begin(), ways.end(), missing) == ways.end()) ways.push_back(std::move(missing));
  }
  return ways;
}

/// Without those that ask for all that another one asks for, and more.
std::vector<std::vector<Role>> shortest(const std::vector<std::vector<Role>>& ways) {
  const auto asks_for_all_of = [](const std::vector<Role>& way, const std::vector<Role>& other) {
    return std::all_of(other.begin(), other.end(),
                       [&way](const Role& role) { return std::find(way.begin(), way.end(), role) != way.end(); });
  };
  auto result = ways;
  std::erase_if(result, [&](const auto& way) {
    return std::any_of(ways.begin(), ways.end(),
                       [&](const auto& other) { return other.size() < way.size() && asks_for_all_of(way, other); });
  });
  return result;
}

}  // namespace

void check_model(const EquipmentModel& model, Mistakes& mistakes) {
  Names names, limits;
  for (const auto& role : model.roles) names.push_back(role.name);
  for (const auto& parameter : model.parameters) {
    names.push_back(parameter.name);
    limits.push_back(parameter.name);
  }
  for (const auto& derived : model.derived) {
    if (derived.feature.empty()) check_formula(derived.formula, names, mistakes);
    check_feature(derived, names, limits, mistakes);
    if (derived.while_running && !model.running)
      mistakes.add(derived.node["while_running"], "there is no `running:` condition in this model");
    names.push_back(derived.name);
  }
  if (model.running) check_formula(*model.running, names, mistakes);
  for (const auto& each : model.supplies) check_formula(each, names, mistakes);
  auto learned_limits = limits;
  learned_limits.insert(learned_limits.begin(), "b");
  const auto& modes = model.node["modes"].items();
  for (std::size_t i = 0; i < model.modes.size(); ++i) {
    const auto& mode = model.modes[i];
    for (const auto& indicator : mode.indicators) {
      const auto& bounds = indicator.learn > Duration{0} ? learned_limits : limits;
      check_formula(indicator.formula, names, mistakes);
      check_formula(indicator.warn, bounds, mistakes);
      check_formula(indicator.limit, bounds, mistakes);
    }
    if (mode.energy) check_energy(model, mode, limits, mistakes);
    check_part<detection::Detector>(mode.detector, "detector", modes[i], mistakes);
    check_part<prognosis::Forecaster>(mode.forecaster, "forecaster", modes[i], mistakes);
  }
  check_causes(model, mistakes);
}

std::set<Role> roles_needed(const EquipmentModel& model, const std::string& formula) {
  std::set<Role> needed;
  for (const auto& name : manipulation::variables_of(formula)) {
    if (model.role(name) != nullptr) needed.insert(name);
    // A derived quantity uses only those above it, so this ends.
    const auto* derived = derived_named(model, name);
    if (derived == nullptr) continue;
    if (derived->feature.empty()) needed.merge(roles_needed(model, derived->formula.text));
    for (const auto& each : derived->of) needed.merge(roles_needed(model, each));
    if (derived->while_running) needed.merge(roles_needed(model, model.running->text));
  }
  return needed;
}

std::vector<std::string> modes_without_sensors(const EquipmentModel& model, const std::set<Role>& wired) {
  std::vector<std::string> result;
  for (const auto& mode : model.modes) {
    std::vector<std::string> ways;
    for (const auto& way : shortest(ways_to_follow(model, mode, wired)))
      ways.push_back(fmt::format("{}", fmt::join(way, " and ")));
    if (!ways.empty()) result.push_back(fmt::format("{}: needs {}", mode.name, fmt::join(ways, ", or ")));
  }
  return result;
}

std::vector<const health::RoleModel*> missing_sensors(const EquipmentModel& model, const std::set<Role>& wired) {
  std::set<Role> missing;
  for (const auto& mode : model.modes) {
    for (const auto& way : ways_to_follow(model, mode, wired)) missing.insert(way.begin(), way.end());
  }
  std::vector<const health::RoleModel*> result;
  for (const auto& role : model.roles) {
    if (missing.contains(role.name)) result.push_back(&role);
  }
  return result;
}

EquipmentModel wanted_of(EquipmentModel model, const settings::DetectionSettings& detection) {
  if (!detection.opportunities) std::erase_if(model.modes, [](const auto& mode) { return mode.opportunity; });
  return model;
}

}  // namespace fettle
