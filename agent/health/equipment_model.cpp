#include "health/equipment_model.hpp"

#include "health/customer_note.hpp"
#include "settings/fields.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace fettle::health {
namespace {

using settings::Fields;
using settings::Mistakes;
using settings::Node;

constexpr double any = std::numeric_limits<double>::max();
constexpr double longest_visit = 10'000;  // minutes

/// Names that formulas of a mode use for what is not known before.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> reserved{
    {{"b", "the baseline in warn and limit"},
     {"x", "the indicator's value in energy"},
     {maintenance_role, "a role of every class"}}};

constexpr std::array<std::pair<std::string_view, Severity>, 4> severities{{
    {"warning", Severity::warning},
    {"minor", Severity::minor},
    {"major", Severity::major},
    {"critical", Severity::critical},
}};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_variable(std::string_view name) {
  return !name.empty() && is_lower(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

bool is_mode_name(std::string_view name) {
  constexpr std::size_t longest = 64;
  return !name.empty() && name.size() <= longest &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

/// The names that formulas of a model may use; each is given once.
class Names {
 public:
  explicit Names(Mistakes& mistakes) : mistakes_{mistakes} {}

  void claim(const std::string& name, const Node& node) {
    const settings::Mark& at = node.key_mark();
    const auto* const taken =
        std::find_if(reserved.begin(), reserved.end(), [&name](const auto& each) { return each.first == name; });
    if (!is_variable(name)) {
      mistakes_.add({at, node.path(), fmt::format("\"{}\" is no name for a formula (a-z, then a-z 0-9 _)", name)});
    } else if (taken != reserved.end()) {
      mistakes_.add({at, node.path(), fmt::format("\"{}\" is {}; choose another name", name, taken->second)});
    } else if (const auto [first, fresh] = lines_.emplace(name, at.line); !fresh) {
      mistakes_.add({at, node.path(), fmt::format("\"{}\" is defined already in line {}", name, first->second)});
    }
  }

 private:
  Mistakes& mistakes_;
  std::map<std::string, int> lines_;
};

/// Required text; a mistake with `wanted` if it does not fit.
std::string fitting(Fields& fields, std::string_view key, bool (*fits)(std::string_view), std::string_view wanted) {
  auto text = fields.text(key);
  const auto node = fields.node()[key];
  if (node.kind() == Node::Kind::scalar && !node.reported() && !fits(text)) {
    fields.mistakes().add(node, fmt::format("\"{}\" {}", text, wanted));
  }
  return text;
}

std::string read_brick(Fields& fields) {
  auto text = fields.text("brick", "");
  if (!text.empty() && !text.starts_with("brick:")) {
    fields.mistakes().add(fields.node()["brick"], fmt::format("\"{}\" is no Brick class (try brick:{})", text, text));
  }
  return text;
}

FormulaText read_formula(Fields& fields, std::string_view key) { return {fields.text(key), fields.node()[key]}; }

RoleModel read_role(const std::string& name, const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  RoleModel role{name, fields.quantity("quantity"), fields.flag("required", false), read_brick(fields),
                 fields.text("title")};
  fields.finish();
  return role;
}

ParameterModel read_parameter(const std::string& name, const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  ParameterModel parameter{name, fields.number("value", -any, any), fields.text("title")};
  fields.finish();
  return parameter;
}

DerivedModel read_derived(const std::string& name, const Node& node, Mistakes& mistakes) {
  using namespace std::chrono_literals;
  Fields fields{node, mistakes};
  DerivedModel derived;
  derived.name = name;
  derived.node = node;
  derived.quantity = fields.quantity("quantity");
  if (fields.has("feature")) {
    derived.feature = fields.text("feature");
    derived.of = fields.texts("of");
    derived.siblings = fields.flag("siblings", false);
    derived.every = fields.duration("every", 0s, 0s);
    const auto with = fields.child("with");
    Fields options{with, mistakes};
    for (const auto& entry : with.entries()) derived.with[entry.first] = options.number(entry.first, -any, any);
  } else {
    derived.formula = read_formula(fields, "formula");
  }
  derived.while_running = fields.flag("while_running", false);
  fields.finish();
  return derived;
}

IndicatorModel read_indicator(const Node& node, Mistakes& mistakes) {
  using namespace std::chrono_literals;
  Fields fields{node, mistakes};
  IndicatorModel indicator;
  indicator.name = fitting(fields, "name", is_variable, "is no name for an indicator (a-z, then a-z 0-9 _)");
  indicator.title = fields.text("title");
  indicator.formula = read_formula(fields, "formula");
  indicator.quantity = fields.quantity("quantity");
  indicator.while_running = fields.flag("while_running", true);
  indicator.foretells = fields.flag("foretells", true);
  indicator.brick = read_brick(fields);
  indicator.every = fields.duration("every", 1s);
  indicator.learn = fields.duration("learn", 0s, 0s);
  indicator.warn = read_formula(fields, "warn");
  indicator.limit = read_formula(fields, "limit");
  indicator.source = fields.text("source");
  fields.finish();
  return indicator;
}

EnergyModel read_energy(const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  EnergyModel energy;
  energy.indicator = {fields.text("indicator", ""), fields.has("indicator") ? node["indicator"] : node};
  if (fields.has("excess")) {
    energy.excess = read_formula(fields, "excess");
  } else {
    energy.of = read_formula(fields, "of");
    energy.share = read_formula(fields, "share");
  }
  energy.source = fields.text("source");
  fields.finish();
  return energy;
}

std::vector<Part> read_parts(Fields& advice) {
  std::vector<Part> parts;
  for (const auto& node : advice.list_or_empty("parts")) {
    Fields fields{node, advice.mistakes()};
    parts.push_back({fields.text("sku"), fields.text("name"), fields.number("qty", 0, any, 1)});
    fields.finish();
  }
  return parts;
}

Advice read_advice(const Node& node, Mistakes& mistakes) {
  using namespace std::chrono_literals;
  Fields fields{node, mistakes};
  Advice advice;
  advice.code = fields.slug("code");
  advice.text = fields.text("text");
  advice.skills = fields.texts("skills");
  advice.parts = read_parts(fields);
  advice.minutes = fields.number("minutes", 0, longest_visit);
  advice.shutdown = fields.flag("shutdown", false);
  advice.lead_time = fields.duration("lead_time", 0s, 0s);
  advice.safety = fields.texts("safety");
  advice.checks = fields.texts("checks");
  fields.finish();
  return advice;
}

template <class T>
void refuse_twins(const std::vector<T>& models, const std::vector<Node>& nodes, std::string_view key,
                  Mistakes& mistakes) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (models[i].name.empty() || names.insert(models[i].name).second) continue;
    mistakes.add(nodes[i][key], fmt::format("\"{}\" stands here twice", models[i].name));
  }
}

WarningTime read_warning_time(const Node& node, Mistakes& mistakes) {
  Fields fields{node, mistakes};
  const WarningTime time{fields.duration("least", Duration{0}), fields.duration("most")};
  fields.finish();
  if (!node["most"].reported() && time.most < time.least) mistakes.add(node["most"], "is shorter than `least`");
  return time;
}

ModeModel read_mode(const Node& node, Mistakes& mistakes) {
  using namespace std::chrono_literals;
  Fields fields{node, mistakes};
  ModeModel mode;
  mode.name = fitting(fields, "mode", is_mode_name, "is no name for a failure mode (a-z 0-9 -)");
  mode.iso14224 = fitting(fields, "iso14224", is_iso14224, "is no ISO 14224 code (three capital letters, such as VIB)");
  mode.part = fields.text("part");
  mode.cause = fields.text("cause");
  mode.effect = fields.text("effect");
  mode.opportunity = fields.flag("opportunity", false);
  mode.severity = fields.choice<Severity>("severity", severities);
  const auto indicators = fields.list("indicators");
  for (const auto& indicator : indicators) mode.indicators.push_back(read_indicator(indicator, mistakes));
  refuse_twins(mode.indicators, indicators, "name", mistakes);
  if (node["indicators"].kind() == Node::Kind::list && indicators.empty()) {
    mistakes.add(node["indicators"], "a failure mode needs an indicator");
  }
  if (fields.has("energy")) mode.energy = read_energy(fields.child("energy"), mistakes);
  mode.detector = fields.text("detector", mode.detector);
  mode.forecaster = fields.text("forecaster", mode.forecaster);
  mode.horizon = fields.duration("horizon", 1h);
  mode.explained_by = fields.texts("explained_by");
  mode.needs_supply = fields.flag("needs_supply", false);
  if (fields.has("pf")) mode.warning_time = read_warning_time(fields.child("pf"), mistakes);
  mode.verify = fields.text("verify", "");
  mode.advice = read_advice(fields.required_child("advice"), mistakes);
  mode.customer_note = read_note(fields, "customer_note");
  mode.closing_note = read_note(fields, "closing_note");
  fields.finish();
  return mode;
}

/// The named entries of a mapping, each read by `read`.
template <class T>
std::vector<T> read_named(const Node& mapping, Names& names, T (*read)(const std::string&, const Node&, Mistakes&),
                          Mistakes& mistakes) {
  const Fields checked{mapping, mistakes};
  std::vector<T> result;
  for (const auto& [name, node] : mapping.entries()) {
    names.claim(name, node);
    result.push_back(read(name, node, mistakes));
  }
  return result;
}

}  // namespace

const RoleModel* EquipmentModel::role(std::string_view wanted) const {
  const auto found =
      std::find_if(roles.begin(), roles.end(), [wanted](const RoleModel& each) { return each.name == wanted; });
  return found == roles.end() ? nullptr : &*found;
}

const IndicatorModel* wasteful_indicator(const ModeModel& mode) {
  if (!mode.energy) return nullptr;
  const auto& wanted = mode.energy->indicator.text;
  if (wanted.empty()) return mode.indicators.size() == 1 ? &mode.indicators.front() : nullptr;
  const auto found = std::find_if(mode.indicators.begin(), mode.indicators.end(),
                                  [&wanted](const IndicatorModel& each) { return each.name == wanted; });
  return found == mode.indicators.end() ? nullptr : &*found;
}

EquipmentModel read_equipment_model(const Node& root, Mistakes& mistakes) {
  using namespace std::chrono_literals;
  Fields fields{root, mistakes};
  EquipmentModel model;
  Names names{mistakes};
  model.node = root;
  model.name = fitting(fields, "class", is_variable, "is no name for a class (a-z, then a-z 0-9 _)");
  model.title = fields.text("title");
  model.brick = read_brick(fields);
  model.roles = read_named(fields.required_child("roles"), names, read_role, mistakes);
  model.roles.push_back({std::string{maintenance_role}, Quantity::state, false, "",
                         "1 while somebody works on the machine: it is neither learned from nor judged then"});
  model.parameters = read_named(fields.child("parameters"), names, read_parameter, mistakes);
  model.derived = read_named(fields.child("derived"), names, read_derived, mistakes);
  if (fields.has("running")) model.running = read_formula(fields, "running");
  model.start_up = fields.duration("start_up", 0s, 0s);
  for (const auto& text : fields.texts("supplies"))
    model.supplies.push_back({text, root["supplies"].items()[model.supplies.size()]});
  model.own_supply = fields.flag("own_supply", false);
  const auto modes = fields.list("modes");
  for (const auto& mode : modes) model.modes.push_back(read_mode(mode, mistakes));
  refuse_twins(model.modes, modes, "mode", mistakes);
  fields.finish();
  return model;
}

}  // namespace fettle::health
