#pragma once

#include "core/registry.hpp"
#include "patient.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::doctor {

enum class Grade : std::uint8_t { ok, warning, problem };

std::string_view name_of(Grade grade);

/// What a look at one thing has shown.
struct Diagnosis {
  Grade grade = Grade::ok;
  std::string about;        ///< "bus lan", "/dev/ttyUSB0"
  std::string text;         ///< "nobody listens on 10.0.0.7:502"
  std::string remedy = {};  ///< what to do about it; empty: nothing
};

/// One thing that may go wrong on site. Its file registers a function that looks at a gateway; it changes nothing, asks no device, and
/// leaves whatever a running agent holds alone.
struct DoctorCheck {
  using Factory = std::vector<Diagnosis>(const Patient& patient);
};

}  // namespace fettle::doctor
