#pragma once

#include "core/state.hpp"
#include "core/verdicts.hpp"

#include <optional>
#include <string>

namespace fettle::health {

/// Adds up what a failure mode wastes, as long as it does.
class WasteAccount : public Stateful {
 public:
  /// What the indicator says for the time to come.
  virtual void judge(const ModeHealth& health) = 0;
  /// A reading of the power that it is made of.
  virtual void draw(const Reading& power) = 0;
  /// Nothing as long as nothing worth a word has been wasted.
  virtual std::optional<EnergyWaste> waste() const = 0;
  /// What was published before a restart: a crash may have lost a part of the account.
  virtual void recall(const EnergyWaste& published) = 0;
  virtual void start_anew() = 0;
};

}  // namespace fettle::health
