#pragma once

#include <array>

#include "plants/damage.hpp"
#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// A distribution transformer of 630 kVA in oil, well used by its building.
/// Faults: cooling-loss (dust on the radiators; fails when the oil is 10 K warmer all day than a sound one's, or trips its thermometer), load-unbalance (when a
/// phase carries 30 % more than the mean), load-growth (when the busiest hour takes 95 % of the rating).
class Transformer : public Machine {
 public:
  Transformer(std::uint64_t seed, std::optional<Fault> fault);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override { return damage_.truth(); }

 private:
  void carry(const Surroundings& around, Duration span);

  Noise noise_;
  Damage damage_;
  Wander demand_{0.04, std::chrono::hours{2}};
  std::array<double, 3> shares_;
  std::array<double, 3> currents_{300, 300, 300};
  double hour_ = 0.3;  ///< highest phase, mean of about an hour, as a share of the rating
  double oil_ = 40, excess_ = 0;
  double shown_oil_ = 40, shown_ambient_ = 20, neutral_ = 20;
};

}  // namespace fettle::plants
