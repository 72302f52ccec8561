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

/// All points by register table and address.
std::vector<std::size_t> in_order(const acquisition::DeviceProfile& profile);

/// The fewest requests for some points, which are in order: registers are read together up to the profile's max_registers, across holes
/// of up to `gap`. No value is split, and a point that is `cut` begins a request.
std::vector<PlannedRead> plan_reads(const acquisition::DeviceProfile& profile, const std::vector<std::size_t>& points,
                                    std::size_t gap, const std::vector<bool>& cut);

/// The same for all points, with the holes that the profile allows.
std::vector<PlannedRead> plan_reads(const acquisition::DeviceProfile& profile);

}  // namespace fettle::modbus
