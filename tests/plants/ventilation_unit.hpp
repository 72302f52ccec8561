#pragma once

#include "plants/air_handler.hpp"
#include "plants/damage.hpp"

namespace fettle::plants {

/// An air handler with all that treats its air: a mixing box, a heating and a cooling coil, and the control that moves them in sequence.
/// Faults: those of the air handler; fan-bearing-wear (fails when the vibration switch trips), cooling-valve-leak and heating-valve-leak
/// (when the shut coil changes the air by 2.5 K), cooling-coil-capacity and heating-coil-capacity (when the supply air is 2 K off for
/// an hour), air-temperature-sensor (the mixed air's, when it is 5 K off), outdoor-damper-stuck (at once, nearly open).
class VentilationUnit : public Machine {
 public:
  VentilationUnit(std::uint64_t seed, const std::optional<Fault>& fault);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override;

 private:
  double vibration() const;
  void treat(const Surroundings& around, Duration span);
  void rest(Duration span);
  bool fails() const;
  void measure(const Surroundings& around);

  AirHandler handler_;
  Noise noise_;
  Damage damage_;
  double sequence_ = 0.5;  ///< -1 full heating, 0 to 1 the damper opens, 2 full cooling
  double mixed_ = 20, supply_ = 20, return_ = 22;
  double off_set_point_ = 0;  ///< K, mean of hours that it runs
  double heating_ = 0, damper_ = 0, cooling_ = 0;
  double shown_mixed_ = 20, shown_supply_ = 20, shown_return_ = 22, shown_outdoor_ = 15, shown_vibration_ = 0;
};

}  // namespace fettle::plants
