#pragma once

#include "core/registry.hpp"
#include "core/state.hpp"
#include "core/verdicts.hpp"

#include <memory>
#include <optional>
#include <string>

namespace fettle::detection {

struct DetectorSettings {
  std::string id;             ///< state id: "PUMP-01/bearing-wear/vibration"
  Duration every{};           ///< period of the readings it will see
  Duration learn{};           ///< running time to learn from; 0: nothing is learned, limits are absolute
  std::uint64_t meaning = 0;  ///< hash of what the indicator is made of; learned state of another one is dropped
};

/// Judges the readings of one indicator against what it has learned to be healthy (ISO 13374: state detection). It never asks the
/// clock, and looks at no reading but the present one and those before.
class Detector : public Stateful {
 public:
  using Factory = std::unique_ptr<Detector>(const DetectorSettings& settings);

  /// A finding for every good reading once it has learned; nothing before that, and nothing for bad readings.
  virtual std::optional<Finding> observe(const Reading& reading) = 0;

  /// Forgets what it has learned and learns from here on: the machine was put right.
  virtual void start_anew() = 0;

  /// Share of the learning that is done, 0..1.
  virtual double learned() const = 0;
};

}  // namespace fettle::detection
