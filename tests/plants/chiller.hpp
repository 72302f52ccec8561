#pragma once

#include "plants/damage.hpp"
#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// A water-cooled chiller that follows the building's cooling load.
/// From `untreated` on its water treatment stops, and scale and slime grow in the condenser tubes. It fails when the condenser's
/// approach at full load is 1.5 K above clean, and trips on high pressure at the next hot peak.
/// Other faults: condenser-fouling (by any law), evaporator-fouling (fails when its approach is 1.5 K above clean),
/// efficiency-loss (when the same cooling takes 15 % more power), low-spread (when pumps move twice the water), compressor-unrest (a bearing
/// wears; when the vibration switch trips).
class Chiller : public Machine {
 public:
  Chiller(std::uint64_t seed, FaultStart untreated, std::optional<Fault> fault = std::nullopt);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override;

 private:
  double sound_share() const;
  double approach_at_full_load() const;
  void follow(double load, const Surroundings& around, Duration span);
  void foul(const Surroundings& around, Duration span);
  void measure();
  void measure_compressor();
  bool fails() const;

  Noise noise_;
  Noise compressor_noise_;
  FaultStart untreated_;
  Damage damage_;
  double clean_approach_;  ///< K at full load
  double fouling_ = 0;     ///< K at full load that fouling adds
  Wander growth_{0.3, std::chrono::hours{30}};
  Wander demand_{0.04, std::chrono::hours{1}};
  bool runs_ = false;
  bool tripped_ = false;
  std::optional<Time> failed_at_;
  double power_ = 0, cooling_ = 0;                      ///< kW
  double leaving_ = 26, condensing_ = 26, supply_ = 9;  ///< degC
  double evaporator_approach_ = 0;                      ///< K
  double shown_power_ = 0, shown_flow_ = 0, shown_supply_ = 9, shown_return_ = 9, shown_leaving_ = 26,
         shown_condensing_ = 26, shown_evaporating_ = 9, shown_vibration_ = 0;
};

}  // namespace fettle::plants
