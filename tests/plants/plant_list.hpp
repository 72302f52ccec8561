#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plants/damage.hpp"
#include "plants/machine.hpp"

namespace fettle::plants {

/// A failure mode that can be put into a plant.
struct Injection {
  std::string mode;
  Days least{}, most{};         ///< that its run-up takes, about; none for what breaks at once
  std::chrono::month season{};  ///< in which the plant is commissioned: the fault has to meet weather in which it shows
};

/// A kind of machine that can be put before the agent.
struct Plant {
  std::string name;        ///< that of its equipment model
  std::string parameters;  ///< of the asset in a site file, as from its name plate
  Duration poll{};
  std::unique_ptr<Machine> (*make)(std::uint64_t seed, const std::optional<Fault>& fault) = nullptr;
  std::vector<Injection> injections;
};

/// Every plant with each fault that its sensors can show.
const std::vector<Plant>& all_plants();

}  // namespace fettle::plants
