#pragma once

#include "plants/damage.hpp"
#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// An air-source heat pump with a buffer tank and an auxiliary heater. Every second one has a compressor of fixed speed, the others are
/// led by the supply temperature.
/// Faults: efficiency-loss (refrigerant leaks; fails when a quarter of the heat and a fifth of the efficiency are gone),
/// defrost-excess (a dirty coil; when it frosts 2.5 times faster), short-cycling (when it starts more often in a day than a
/// compressor bears), auxiliary-heat and reversing-valve (at once).
class HeatPump : public Machine {
 public:
  HeatPump(std::uint64_t seed, std::optional<Fault> fault);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override { return damage_.truth(); }

 private:
  void control(double target, Duration span);
  void frost(const Surroundings& around, Duration span);
  double compress(const Surroundings& around);
  bool fails() const;
  void measure(const Surroundings& around);

  Noise noise_;
  Damage damage_;
  bool fixed_speed_;
  double quality_;  ///< share of what Carnot promises
  Wander demand_{0.05, std::chrono::hours{3}};
  bool on_ = false;
  double speed_ = 0;
  Duration off_for_{}, defrosting_for_{};
  bool defrosts_ = false;
  double frost_ = 0;  ///< 1 calls for a defrost
  double starts_per_hour_ = 0;
  double water_ = 34, half_spread_ = 0;  ///< degC and K
  double power_ = 0, heater_ = 0;        ///< kW
  double shown_power_ = 0, shown_supply_ = 34, shown_return_ = 34, shown_source_ = 10, shown_flow_ = 0;
};

}  // namespace fettle::plants
