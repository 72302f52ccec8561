#pragma once

#include <array>

#include "plants/damage.hpp"
#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// A distribution panel behind a breaker of 63 A: sockets, lamps and some motors, spread unevenly over three phases, with a capacitor of
/// 7.5 kvar.
/// Faults: loose-terminal (fails when it is 15 K warmer at full load than a tight one), joint-resistance (when it takes 3 V at full load),
/// overload (when the breaker trips), neutral-overload (when the neutral carries more than a phase), voltage-distortion (when it is
/// beyond 8 %); and what breaks at once: open-neutral, power-factor (the capacitor is lost), repeated-trips.
class Panel : public Machine {
 public:
  Panel(std::uint64_t seed, std::optional<Fault> fault);

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override { return damage_.truth(); }

 private:
  using Phases = std::array<double, 3>;
  static inline const Wander kettles{0.12, std::chrono::minutes{30}};  ///< what a phase draws for itself

  void carry(const Surroundings& around, Duration span);
  void feed(Duration span);
  void warm(const Surroundings& around, Duration span);
  void wear(const Surroundings& around, Duration span);

  Noise noise_;
  Damage damage_;
  Wander demand_{0.08, std::chrono::hours{1}};
  Wander network_{1.5, std::chrono::hours{3}};
  Wander harmonics_{0.002, std::chrono::hours{6}};
  std::array<Wander, 3> whims_{kettles, kettles, kettles};
  Phases shares_{}, meter_error_{};
  double terminal_rise_;    ///< K at full load
  double mean_load_ = 0.3;  ///< of the rating
  Phases currents_{}, supply_{}, voltages_{}, terminals_{25, 25, 25}, distortion_{};
  double neutral_ = 0;
  double breaker_heat_ = 0.1;                      ///< square of the current over the rating, mean of half an hour
  double day_neutral_ = 0.4, day_distortion_ = 0;  ///< means of half a day
  Duration tripped_for_{};
  Duration until_trip_{};
};

}  // namespace fettle::plants
