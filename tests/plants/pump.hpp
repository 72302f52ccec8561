#pragma once

#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// A circulation pump on a frequency converter.
/// Fault: a rolling bearing wears, each day by a share of the wear that is there. It fails when its vibration switch trips at the
/// zone boundary C/D of ISO 20816, and then stands still.
class Pump : public Machine {
 public:
  Pump(std::uint64_t seed, FaultStart fault);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override;

 private:
  double vibration_at(double speed) const;
  void wear_down(const Surroundings& around, Duration span);
  void measure(const Surroundings& around);

  Noise noise_;
  FaultStart fault_;
  double smooth_vibration_;  ///< mm/s at full speed, without wear
  double wear_ = 0.03;       ///< mm/s that wear adds at full speed
  Wander growth_{0.35, std::chrono::hours{30}};
  Wander demand_{0.05, std::chrono::hours{2}};
  double speed_ = 0.6;
  double bearing_ = 35;
  std::optional<Time> failed_at_;
  double power_ = 0, vibration_ = 0, shown_bearing_ = 35, ambient_ = 22;
};

}  // namespace fettle::plants
