#pragma once

#include "plants/damage.hpp"
#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// A district heating substation of 200 kW: a plate exchanger, its control valve on the network's side, and a pump and radiators on the
/// building's side.
/// Faults: exchanger-fouling (fails when it cannot carry the coldest day), supply-shortfall (a strainer clogs) and supply-excess (the valve
/// no longer closes; both fail when the building is 8 K off for a day), flow-loss (when two fifths of the water no longer flow),
/// valve-leak (when the shut valve passes 5 % of the rated heat), hunting (when the flow swings by half of itself), water-loss (when the radiators on top
/// draw air); heat-loss, valve-stuck and meter-fault (at once).
class Substation : public Machine {
 public:
  Substation(std::uint64_t seed, std::optional<Fault> fault);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override { return damage_.truth(); }

 private:
  double conductance() const;
  void move_valve(Duration span);
  void exchange(Duration span);
  void follow_swing(Duration span);
  void rest(Duration span);
  bool fails() const;
  void measure(const Surroundings& around);

  Noise noise_;
  Damage damage_;
  Wander demand_{0.06, std::chrono::hours{3}};
  Wander network_{1.2, std::chrono::hours{8}};
  bool heats_ = true;
  double set_point_ = 45, network_supply_ = 90;
  double opening_ = 0.2, swing_ = 0;  ///< of the valve, and the phase of its hunting in turns
  double primary_flow_ = 0, heat_ = 0;
  double mean_flow_ = 0, swung_ = 0;  ///< of the last hour, and how far the flow was off it, in shares
  double supply_ = 45, return_ = 38, network_return_ = 42;
  double off_set_point_ = 0;  ///< K, mean of a day
  double energy_ = 84'200;    ///< kWh
  double shown_primary_ = 90, shown_primary_return_ = 42, shown_supply_ = 45, shown_return_ = 38, shown_outdoor_ = 5;
  double shown_heat_ = 0, shown_flow_ = 0, shown_pressure_ = 0;
};

}  // namespace fettle::plants
