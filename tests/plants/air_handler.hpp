#pragma once

#include "plants/damage.hpp"
#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// An air handler whose fan holds the air flow that is asked for by turning faster as its filter loads with dust.
/// From `dust` on, a building site nearby. It fails when full speed no longer gives the design air flow: the filter's pressure
/// drop at full speed has reached its final value.
/// Other faults: filter-clog (by any law), fan-belt-slip (fails when the belt burns).
class AirHandler : public Machine {
 public:
  AirHandler(std::uint64_t seed, FaultStart dust, std::optional<Fault> fault = std::nullopt);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override;
  double speed() const { return speed_; }
  double flow() const { return flow_; }  ///< as a share of the design air flow

 private:
  double resistance() const;
  double grip() const;
  double flow_at_full_speed() const;
  double filter_drop_at_full_speed() const;
  double final_drop() const;
  void load_with_dust(const Surroundings& around, Duration span);
  void measure(const Surroundings& around);

  Noise noise_;
  FaultStart dust_;
  Damage damage_;
  double clean_resistance_;  ///< Pa at the design air flow
  double dust_held_ = 0;     ///< as a share of what the filter holds, about
  Wander demand_{0.05, std::chrono::hours{2}};
  double speed_ = 0;
  double flow_ = 0;
  std::optional<Time> failed_at_;
  double fan_power_ = 0, fan_speed_ = 0, filter_dp_ = 0;
  double supply_temperature_ = 18, return_temperature_ = 22, outdoor_temperature_ = 15;
};

}  // namespace fettle::plants
