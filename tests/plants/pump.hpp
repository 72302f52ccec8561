#pragma once

#include "plants/damage.hpp"
#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// A circulation pump on a frequency converter, with its strainer and the circuit that it serves.
/// From `spalled` on a rolling bearing wears, each day by a share of the wear that is there. It fails when its vibration switch trips at the
/// zone boundary C/D of ISO 20816, and then stands still.
/// Other faults: bearing-wear (by any law), impeller-wear (fails when it takes up 15 % less power), strainer-clog (at 2.5 times the clean drop), dry-running and
/// dead-heading (at once).
class Pump : public Machine {
 public:
  Pump(std::uint64_t seed, FaultStart spalled, std::optional<Fault> fault = std::nullopt);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override;

 private:
  double vibration_at(double speed) const;
  double wear() const { return wear_ + 6.5 * damage_.of("bearing-wear"); }
  double head_share() const;
  double strainer_growth() const;
  double flow_share() const;
  double power_share() const;
  void wear_down(const Surroundings& around, Duration span);
  void measure(const Surroundings& around);
  void measure_circuit(const Surroundings& around);

  Noise noise_;
  Noise circuit_noise_;
  FaultStart spalled_;
  Damage damage_;
  double smooth_vibration_;  ///< mm/s at full speed, without wear
  double wear_ = 0.03;       ///< mm/s that wear adds at full speed
  Wander growth_{0.35, std::chrono::hours{30}};
  Wander demand_{0.05, std::chrono::hours{2}};
  Wander draw_{0.06, std::chrono::hours{4}};
  double speed_ = 0.6;
  double bearing_ = 35;
  std::optional<Time> failed_at_;
  double power_ = 0, vibration_ = 0, shown_bearing_ = 35, ambient_ = 22;
  double shown_flow_ = 0, head_ = 0, strainer_drop_ = 0, supply_ = 60, return_ = 50;
};

}  // namespace fettle::plants
