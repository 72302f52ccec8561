#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "plants/machine.hpp"
#include "plants/weather.hpp"

namespace fettle::plants {

/// A machine with the names it has in the example site.
struct Resident {
  std::string asset;   ///< "AHU-01"
  std::string device;  ///< "ahu_1_io"
  std::string mode;    ///< the failure that is injected; empty: a healthy control
  std::string fault;   ///< in words, for people
  std::unique_ptr<Machine> machine;
};

/// The machines of the example site under one sky: three with a fault on the way, a healthy twin of each, the main meter.
/// The same seed and start give the same life, however often it is advanced.
class PlantRoom {
 public:
  PlantRoom(Time start, std::uint64_t seed);

  /// Lives up to `to`, in steps of its own.
  void advance(Time to);
  Time now() const { return now_; }
  std::span<const Resident> residents() const { return residents_; }

 private:
  Time now_;
  Weather weather_;
  std::vector<Resident> residents_;
};

}  // namespace fettle::plants
