#pragma once

#include "core/asset.hpp"
#include "core/verdicts.hpp"
#include "settings/node.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fettle::health {

/// A text of a model that is a formula; its mark is kept so that a mistake in it can be shown where it stands.
struct FormulaText {
  std::string text;
  settings::Node node;
};

/// A quantity that a machine of this class may offer.
struct RoleModel {
  std::string name;
  Quantity quantity = Quantity::ratio;
  bool required = false;
  std::string brick;
  std::string title;
};

/// A name-plate figure that formulas may use; the site file may override the default for an asset.
struct ParameterModel {
  std::string name;
  double value = 0;
  std::string title;
};

/// A quantity derived from roles, parameters and derived quantities defined above it: by a formula, or by a registered feature.
struct DerivedModel {
  std::string name;
  Quantity quantity = Quantity::ratio;
  FormulaText formula;                 ///< empty: by the feature
  std::string feature;                 ///< registered name; empty: by the formula
  std::vector<std::string> of;         ///< what the feature takes, in its order
  bool siblings = false;               ///< and the same roles of the other machines of this class
  std::map<std::string, double> with;  ///< its options
  Duration every{};                    ///< the longer of this and its slowest argument's
  bool while_running = false;          ///< silent while the machine does not run
  settings::Node node;
};

/// A number that shows how far a failure mode has come.
struct IndicatorModel {
  std::string name;     ///< "vibration"; unique within its mode
  std::string title;    ///< for people: "Bearing vibration"
  FormulaText formula;  ///< over roles, parameters and derived quantities
  Quantity quantity = Quantity::ratio;
  bool while_running = true;  ///< false: says something about a machine at rest, or about its stops and starts
  bool foretells =
      true;  ///< false: its limit is where the fault is certain, not where the machine no longer does its duty
  std::string brick;
  Duration every{};    ///< the median of each such period is judged
  Duration learn{};    ///< running time from which the baseline b is learned; 0: the limits are absolute
  FormulaText warn;    ///< over b (the baseline) and the parameters
  FormulaText limit;   ///< the same; where the machine no longer does its duty
  std::string source;  ///< the standard or reason for the limits
};

/// What a failure mode wastes: a share of the power that the machine draws, or what it draws beyond what is expected.
struct EnergyModel {
  FormulaText indicator;  ///< which of the mode's; empty: the only one
  FormulaText of;         ///< the role or derived quantity of active power that it is a share of
  FormulaText share;      ///< over b (the baseline), x (the indicator's value) and the parameters; held within 0 and 1
  FormulaText excess;     ///< instead of both: the residual of active power that adds up since the indicator was last 0
  std::string source;     ///< the reason for the formula
};

/// How long a mode usually takes from where it can be noticed to where the machine no longer does its duty (reliability engineers'
/// P-F interval). What was seen of other machines, before anything is known of this one.
struct WarningTime {
  Duration least{}, most{};
};

/// One way in which a machine of this class fails.
struct ModeModel {
  std::string name;      ///< kebab-case, topic level: "filter-clog"
  std::string iso14224;  ///< three letters
  std::string part, cause, effect;
  Severity severity = Severity::major;  ///< consequence if nothing is done
  bool opportunity = false;             ///< no fault, but a reason to talk with the customer: `cause` is what was found
  std::vector<IndicatorModel> indicators;
  std::optional<EnergyModel> energy;
  std::string detector = "baseline_limit";
  std::string forecaster = "theil_sen";
  Duration horizon{};                     ///< a forecast further away than this is no reason for an alert
  std::vector<std::string> explained_by;  ///< other modes of the machine that have the same signs as their consequence
  bool needs_supply = false;              ///< the same signs come from a machine that feeds this one and fails
  std::optional<WarningTime> warning_time;
  std::string
      verify;  ///< why its limits should be compared with the machine's papers; empty: a standard or the site gives them
  Advice advice;
  std::string customer_note, closing_note;  ///< templates with {building} {floor} {area}
};

/// The indicator by which a mode's energy is judged; null if the mode does not say which of several.
const IndicatorModel* wasteful_indicator(const ModeModel& mode);

/// A role of every class: 1 while somebody works on the machine.
inline constexpr std::string_view maintenance_role = "maintenance";

/// What is known about one class of equipment: config/equipment/<class>.yaml.
struct EquipmentModel {
  std::string name;   ///< "air_handler"
  std::string title;  ///< "Air handling unit"
  std::string brick;
  std::vector<RoleModel> roles;
  std::vector<ParameterModel> parameters;
  std::vector<DerivedModel> derived;
  std::optional<FormulaText> running;  ///< true while the machine's condition can be judged; absent: always
  Duration start_up{};                 ///< blanked after each start
  std::vector<FormulaText> supplies;   ///< each false where it has no supply to give to what hangs on it
  bool own_supply = false;             ///< goes on without what feeds it, and so does what hangs on it
  std::vector<ModeModel> modes;
  settings::Node node;

  const RoleModel* role(std::string_view name) const;
};

/// Reads a model and checks all that can be checked without the formula engine: names, references, units, texts.
EquipmentModel read_equipment_model(const settings::Node& root, settings::Mistakes& mistakes);

}  // namespace fettle::health
