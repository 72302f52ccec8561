#pragma once

#include "installation.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace fettle {

/// How much of a wire's time the wanted polls take, computed before anything is asked.
struct LineBudget {
  std::string bus;
  std::size_t devices = 0;
  double share = 0;       ///< of the time; above 1 polls are skipped
  std::string greediest;  ///< the device that takes most of it
  double greediest_share = 0;
};

/// The budget of one bus: bytes x baud, silences and turnarounds of all its devices against their intervals. Nothing where the wire is
/// nobody's bottleneck, such as a network.
std::optional<LineBudget> line_budget(const Installation& installation, const settings::BusSettings& bus);

}  // namespace fettle
