#pragma once

#include "plants/damage.hpp"
#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// An exhaust fan with a belt and a frequency converter, which turns as fast as the building's people need.
/// Faults: impeller-dirt (fails when its vibration switch trips), bearing-wear (when the grease runs out of the hot bearing), belt-slip
/// (when the belt burns), duct-block (when a quarter of the design air flow is missing), start-refused (at once).
class Fan : public Machine {
 public:
  Fan(std::uint64_t seed, std::optional<Fault> fault);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override { return damage_.truth(); }

 private:
  double flow_share() const;
  void turn(const Surroundings& around, Duration span);
  void measure(const Surroundings& around);

  Noise noise_;
  Damage damage_;
  double smooth_vibration_;  ///< mm/s at full speed
  Wander demand_{0.05, std::chrono::hours{2}};
  bool called_ = false;
  double speed_ = 0;  ///< of the motor
  double true_vibration_ = 0, bearing_ = 24;
  double power_ = 0, pressure_ = 0, vibration_ = 0, shown_bearing_ = 24, ambient_ = 22;
};

}  // namespace fettle::plants
