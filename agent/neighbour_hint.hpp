#pragma once

#include "acquisition/profile.hpp"
#include "core/reading.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle {

/// The points whose readings make one doubt that the addresses are right: what a supply in use cannot show, or what the device does not have.
std::vector<std::size_t> doubtful_points(std::span<const acquisition::ProfilePoint> points,
                                         std::span<const Reading> readings);

/// The profile with its doubtful points alone, each `shift` registers further on; nothing if none can be shifted.
std::optional<acquisition::DeviceProfile> shifted(const acquisition::DeviceProfile& profile,
                                                  const std::vector<std::size_t>& doubtful, int shift);

/// What doubtful points say at other addresses.
struct Look {
  std::vector<acquisition::ProfilePoint> points;
  std::vector<Reading> readings;  ///< in their order
};

/// A hint if the registers one `before` or one `after` make sense of several doubtful points, and of more than those at the other side:
/// "meter: 3 of 4 doubtful points make sense one register further on (v_l1 230.5 V, f 50.02 Hz): ...".
std::optional<std::string> neighbour_hint(const std::string& device, std::size_t doubtful, const Look& before,
                                          const Look& after);

}  // namespace fettle
