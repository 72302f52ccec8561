#pragma once

#include "plants/damage.hpp"
#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// A gas boiler of 185 kW whose burner modulates, and starts and stops where the building needs less than it can give.
/// Faults: exchanger-scaling (fails when its flue gas is 30 K hotter all day than a clean one's), short-cycling (when it starts more
/// often in a day than its igniter was made for), water-loss (when the pressure switch locks out), circulation-loss (when half of the
/// water no longer flows).
class Boiler : public Machine {
 public:
  Boiler(std::uint64_t seed, std::optional<Fault> fault);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override { return damage_.truth(); }

 private:
  void control(double target, Duration span);
  void heat(double load, Duration span);
  bool fails() const;
  void measure();

  Noise noise_;
  Damage damage_;
  double scaled_ = 0;  ///< K of flue gas at full fire
  Wander demand_{0.05, std::chrono::hours{3}};
  bool flame_ = false;
  double rate_ = 0;
  Duration off_for_{};
  double starts_per_hour_ = 0;  ///< of the last day, about
  double water_ = 55;           ///< degC, mean of what is in the boiler and its circuit
  double excess_ = 0;           ///< K of flue gas by scale
  double half_spread_ = 0, flue_ = 40, pressure_ = 0;
  double shown_flue_ = 40, shown_supply_ = 55, shown_return_ = 55, shown_pressure_ = 0;
};

}  // namespace fettle::plants
