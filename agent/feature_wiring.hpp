#pragma once

#include "core/zone.hpp"
#include "pipeline.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// What the wirings of all assets share.
struct WiringHelp {
  const Installation& installation;
  /// Formulas by where they are used and what they say: fifty equal machines need them once.
  std::map<std::string, manipulation::Formula> formulas;
  std::shared_ptr<const Zone> zone;  ///< the site's
  std::uint64_t watch_memory = 0;    ///< bytes that are left for the watch
  std::size_t unwatched = 0;         ///< readings that there was no memory for
};

/// A derived point, for what a feature makes.
manipulation::Input add_point(PipelineParts& parts, AssetId asset, const std::string& role, Quantity quantity,
                              Duration every);
/// A feature, by its registered name; its target is there already.
void add_feature(PipelineParts& parts, std::string_view kind, manipulation::FeatureSettings feature);

/// Makes the derived points of one asset: those of its model, its run state, and its indicators.
class FeatureWiring {
 public:
  FeatureWiring(const InstalledAsset& asset, WiringHelp& help, PipelineParts& parts);

  /// The model's derived quantities whose roles are there, and the run state. False if there is a run state that cannot be told.
  bool wire();

  /// True if everything that a formula names is wired.
  bool complete(const std::string& text) const;
  /// Within one model, the same text with the same kind of variables is the same formula.
  manipulation::Formula formula(const std::string& text, const char* kind,
                                const std::vector<std::string>& variables) const;
  /// A derived point by a formula, silent while the machine does not run.
  manipulation::Input add_gated_formula(const std::string& role, Quantity quantity, const std::string& text);
  /// The derived quantities that features make, not formulas.
  const std::vector<std::pair<std::string, manipulation::Input>>& by_features() const { return by_features_; }
  /// A derived point by a formula, whether the machine runs or not.
  manipulation::Input add_open_formula(const std::string& role, Quantity quantity, const std::string& text);
  /// Whether a role's value stands still for longer than it ever did; none for a machine that has no run state.
  std::optional<manipulation::Input> add_standstill(const std::string& role, manipulation::Input of);
  manipulation::Input add_median(const std::string& role, Quantity quantity, Duration every, manipulation::Input of);
  /// The learning features that a formula hangs on, directly or through others.
  std::vector<std::size_t> learners(const std::string& formula) const;
  /// Everything that the derived quantities are made of, for hashes of what was learned.
  const std::string& meaning() const { return meaning_; }

 private:
  using Input = manipulation::Input;

  bool complete(const health::DerivedModel& derived) const;
  std::vector<std::string> names() const;
  manipulation::Argument argument(const std::string& name) const;
  std::vector<manipulation::Argument> arguments(const health::DerivedModel& derived) const;
  manipulation::FeatureSettings compiled(const std::string& text) const;
  Input add_formula(const std::string& role, Quantity quantity, const std::string& text, std::optional<Input> gate);
  Input add_derived(const health::DerivedModel& derived);
  void wire_supplies();
  void wire_run_state();

  const InstalledAsset& asset_;
  const health::EquipmentModel& model_;
  WiringHelp& help_;
  PipelineParts& parts_;
  std::map<std::string, Input> known_;
  std::map<std::string, std::size_t> makers_;  ///< the feature of each derived quantity
  std::optional<Input> gate_;
  std::vector<std::pair<std::string, Input>> by_features_;
  std::string meaning_;
};

}  // namespace fettle
