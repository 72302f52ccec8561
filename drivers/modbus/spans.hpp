#pragma once

#include "acquisition/profile.hpp"
#include "modbus/pdu.hpp"

#include <cstddef>
#include <vector>

namespace fettle::modbus {

/// One request, and the points of the profile that its answer holds.
struct PlannedRead {
  Request request;
  std::vector<std::size_t> points;
};

/// The fewest requests for all points of a profile: registers are read together up to its max_registers, across holes of up to
/// its gap. No value is split.
std::vector<PlannedRead> plan_reads(const acquisition::DeviceProfile& profile);

/// A request of its own for each point, for a device that refuses them together.
std::vector<PlannedRead> split(const PlannedRead& read, const acquisition::DeviceProfile& profile);

}  // namespace fettle::modbus
