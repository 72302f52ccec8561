#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace fettle::plants {

/// What the world around a machine is like at one moment.
struct Surroundings {
  Time time;
  double outdoor_temperature = 15;  ///< degC
  double wet_bulb = 11;             ///< degC
  double room_temperature = 22;     ///< degC, of the plant room
  double dust = 1;                  ///< of the outdoor air, 1: an average day
  double occupancy = 0;             ///< of the building, 0 to 1
};

/// One measured value under the name it has in the device's profile, in Fettle's own unit of its quantity.
struct Value {
  std::string_view point;
  double value = 0;
};

/// What nobody measures: how far a machine has really come, and what it will be judged by.
struct Truth {
  double condition = 0;           ///< 0 healthy .. 1 functional failure
  std::optional<Time> failed_at;  ///< the moment of functional failure
  std::string_view title;         ///< of the quantity that decides: "filter pressure drop at full speed"
  std::string_view unit;
  double value = 0, limit = 0;
};

/// A machine as a small differential equation: it ages with what it does, and shows it in what can be measured.
class Machine {
 public:
  virtual ~Machine() = default;

  virtual void step(const Surroundings& around, Duration span) = 0;
  virtual std::vector<Value> values() const = 0;
  virtual Truth truth() const = 0;
};

/// When the fault begins; a healthy machine has none.
using FaultStart = std::optional<Time>;

inline bool has_begun(const FaultStart& fault, Time now) { return fault && *fault <= now; }

}  // namespace fettle::plants
