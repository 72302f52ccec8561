#pragma once

#include "core/verdicts.hpp"

#include <string>
#include <vector>

namespace fettle::advisory {

/// What is always true of one slot (asset and failure mode), whatever its present episode.
struct SlotFacts {
  std::string asset;        ///< Asset::key
  std::string asset_class;  ///< Asset::model_class
  std::string mode;
  std::string part, iso14224, cause, effect;
  AlertKind kind =
      AlertKind::fault;  ///< of what is not predicted; system: the next visit is early enough; service: nobody is sent
  Severity severity = Severity::major;  ///< consequence if nothing is done
  Duration horizon{};                   ///< a failure further away is no reason for an alert
  Advice advice;
  std::string customer_note;  ///< ready to be shown; empty: none
  std::string closing_note;   ///< the same, for when it has been put right
  DetectorStamp detector;
  std::string identity;  ///< the gateway's, so that no two gateways make the same alert id
  bool test = false;     ///< commissioning
};

/// What is always true of one indicator of a slot.
struct IndicatorFacts {
  std::string id;  ///< "PUMP-01/vibration"
  std::string brick;
  std::string label;  ///< "Bearing vibration"
  Quantity quantity = Quantity::ratio;
  Duration every{};
  std::uint64_t meaning = 0;         ///< hash of what it is made of; the course of another one is dropped
  std::vector<PointId> inputs = {};  ///< what it is made of
  std::vector<PointId> sensors =
      {};                 ///< those of them that measure the machine, and not its circumstances; none: not known
  bool foretells = true;  ///< its limit is where the machine no longer does its duty; false: where the fault is certain
  bool continuous = false;  ///< it goes on while the machine rests: what it shows after a gap is no continuation
};

/// What an open condition means at this moment.
struct Verdict {
  AlertKind kind = AlertKind::fault;
  Severity severity = Severity::warning;
  int priority = 4;
  std::optional<Prognosis> prognosis;
  double health = 1;  ///< 1 = as at the baseline, 0 = at the limit
  std::optional<Evidence> evidence;
  std::optional<EnergyWaste> energy;  ///< of an opportunity
  std::string title, text;
};

}  // namespace fettle::advisory
