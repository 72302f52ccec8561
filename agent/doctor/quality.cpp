#include "doctor/check.hpp"

#include <fmt/format.h>

namespace fettle::doctor {
namespace {

/// Only a running agent knows: nobody is asked for this.
std::vector<Diagnosis> check_quality(const Patient& patient) {
  std::vector<Diagnosis> found;
  if (!patient.agent) return found;
  for (const auto& bus : patient.agent->buses) {
    const auto about = "line " + bus.bus;
    for (const auto& hint : bus.hints)
      found.push_back({Grade::warning, about, hint, "`fettle watch` shows whether it gets better"});
    for (const auto& device : bus.devices) {
      if (device.answering || device.polls == 0) continue;
      found.push_back({Grade::problem, about,
                       device.trouble.empty() ? device.device + " does not answer" : device.trouble,
                       "check power, cable, unit id; `fettle watch` shows when it answers"});
    }
    if (bus.hints.empty() && bus.answering)
      found.push_back({Grade::ok, about, fmt::format("{} devices, nothing conspicuous", bus.devices.size())});
  }
  return found;
}

const Registration<DoctorCheck> entry{"line_quality", "What a running agent has heard on its lines", check_quality};

}  // namespace
}  // namespace fettle::doctor
