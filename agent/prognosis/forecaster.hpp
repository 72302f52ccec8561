#pragma once

#include "core/state.hpp"
#include "core/time.hpp"
#include "core/verdicts.hpp"

#include <memory>
#include <optional>
#include <string>

namespace fettle::prognosis {

/// What a forecaster has to know about the mode it follows.
struct ForecasterSettings {
  std::string id;      ///< beginning of the state id: "PUMP-01/bearing-wear/vibration"
  Duration every{};    ///< period between two updates while the machine runs
  Duration horizon{};  ///< a forecast further away than this is of no use to anybody
  std::uint64_t meaning =
      0;  ///< hash of what the indicator and its limits are made of; learned state of another one is dropped
};

/// Says when one failure mode will reach its limit, from how far it has come so far (ISO 13374: prognosis assessment).
/// The time is the time of what it is given; gaps are normal. Follows without allocating.
class Forecaster : public Stateful {
 public:
  using Factory = std::unique_ptr<Forecaster>(const ForecasterSettings& settings);

  /// To be called with each period's health, in the order of time. Nothing unless there is a trend worth announcing.
  virtual std::optional<Prognosis> follow(const ModeHealth& health) = 0;

  /// Forgets the course so far: the machine was put right.
  virtual void start_anew() = 0;
};

}  // namespace fettle::prognosis
