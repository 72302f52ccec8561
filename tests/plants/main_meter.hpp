#pragma once

#include <array>

#include "plants/machine.hpp"
#include "plants/noise.hpp"

namespace fettle::plants {

/// The building's main meter: a sound three-phase supply that carries lights, people, lifts and cooling.
class MainMeter : public Machine {
 public:
  explicit MainMeter(std::uint64_t seed) : noise_{seed} {}

  void step(const Surroundings& around, Duration span) override;
  std::vector<Value> values() const override;
  Truth truth() const override;

 private:
  struct Phase {
    Wander voltage{0.35, std::chrono::hours{1}};
    Wander current{4, std::chrono::minutes{20}};
    double shown_voltage = 230, shown_current = 100, power = 20;
  };

  Noise noise_;
  Wander grid_{1.6, std::chrono::hours{4}};
  std::array<Phase, 3> phases_{};
  double energy_ = 184'211;  ///< kWh, since it was installed
};

}  // namespace fettle::plants
