#include "health/equipment_model.hpp"

#include "settings/fields.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <set>

namespace fettle::health {
namespace {

using settings::Fields;
using settings::Mistakes;
using settings::Node;

constexpr double any = std::numeric_limits<double>::max();
constexpr double longest_visit = 10'000;    // minutes
constexpr std::size_t longest_note = 260;   // characters; with long names filled in it must stay below 300
constexpr std::string_view baseline = "b";  // in warn and limit

/// A customer reads the note: words that alarm are the technician's, not the customer's.
constexpr std::array<std::string_view, 4> alarming{"fault", "failure", "broken", "urgent"};
constexpr std::array<std::string_view, 3> placeholders{"building", "floor", "area"};

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
    if (!is_variable(name)) {
      mistakes_.add({at, node.path(), fmt::format("\"{}\" is no name for a formula (a-z, then a-z 0-9 _)", name)});
    } else if (name == baseline) {
      mistakes_.add({at, node.path(), "\"b\" is the baseline in warn and limit; choose another name"});
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
  Fields fields{node, mistakes};
  DerivedModel derived{name, fields.quantity("quantity"), read_formula(fields, "formula")};
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
  indicator.brick = read_brick(fields);
  indicator.every = fields.duration("every", 1s);
  indicator.learn = fields.duration("learn", 0s, 0s);
  indicator.warn = read_formula(fields, "warn");
  indicator.limit = read_formula(fields, "limit");
  indicator.source = fields.text("source");
  fields.finish();
  return indicator;
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

void check_words(const std::string& note, const Node& node, Mistakes& mistakes) {
  const auto letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  std::string lower;
  for (const char c : note) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const auto word : alarming) {
    for (auto at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1)) {
      if (at > 0 && letter(static_cast<unsigned char>(lower[at - 1]))) continue;
      mistakes.add(node, fmt::format("\"{}\" alarms a customer; say it kindly", word));
      break;
    }
  }
}

void check_placeholders(std::string_view note, const Node& node, Mistakes& mistakes) {
  for (auto begin = note.find('{'); begin != std::string_view::npos; begin = note.find('{', begin + 1)) {
    const auto end = note.find('}', begin);
    const auto name = note.substr(begin + 1, end == std::string_view::npos ? end : end - begin - 1);
    if (end != std::string_view::npos &&
        std::find(placeholders.begin(), placeholders.end(), name) != placeholders.end())
      continue;
    mistakes.add(node, fmt::format("\"{{{}\" is no placeholder (there are {{building}}, {{floor}} and {{area}})",
                                   note.substr(begin + 1, end == std::string_view::npos ? end : end - begin)));
  }
}

/// A text that a customer will read; empty if absent.
std::string read_note(Fields& fields, std::string_view key) {
  auto note = fields.text(key, "");
  const auto node = fields.node()[key];
  const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  const auto length = static_cast<std::size_t>(std::count_if(note.begin(), note.end(), is_first_byte));
  if (length > longest_note) {
    fields.mistakes().add(
        node, fmt::format("the note has {} characters; at most {} leave room for names", length, longest_note));
  }
  check_words(note, node, fields.mistakes());
  check_placeholders(note, node, fields.mistakes());
  return note;
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

ModeModel read_mode(const Node& node, Mistakes& mistakes) {
  using namespace std::chrono_literals;
  Fields fields{node, mistakes};
  ModeModel mode;
  mode.name = fitting(fields, "mode", is_mode_name, "is no name for a failure mode (a-z 0-9 -)");
  mode.iso14224 = fitting(fields, "iso14224", is_iso14224, "is no ISO 14224 code (three capital letters, such as VIB)");
  mode.part = fields.text("part");
  mode.cause = fields.text("cause");
  mode.effect = fields.text("effect");
  mode.severity = fields.choice<Severity>("severity", severities);
  const auto indicators = fields.list("indicators");
  for (const auto& indicator : indicators) mode.indicators.push_back(read_indicator(indicator, mistakes));
  refuse_twins(mode.indicators, indicators, "name", mistakes);
  if (node["indicators"].kind() == Node::Kind::list && indicators.empty()) {
    mistakes.add(node["indicators"], "a failure mode needs an indicator");
  }
  mode.detector = fields.text("detector", mode.detector);
  mode.forecaster = fields.text("forecaster", mode.forecaster);
  mode.horizon = fields.duration("horizon", 1h);
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
  model.parameters = read_named(fields.child("parameters"), names, read_parameter, mistakes);
  model.derived = read_named(fields.child("derived"), names, read_derived, mistakes);
  if (fields.has("running")) model.running = read_formula(fields, "running");
  model.start_up = fields.duration("start_up", 0s, 0s);
  const auto modes = fields.list("modes");
  for (const auto& mode : modes) model.modes.push_back(read_mode(mode, mistakes));
  refuse_twins(model.modes, modes, "mode", mistakes);
  fields.finish();
  return model;
}

}  // namespace fettle::health
