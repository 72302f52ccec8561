#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>

namespace fettle::pulse {

/// The pulses of one meter, in a file that survives a restart. Written whole beside it and moved into its place, so that it is never half.
Result<std::uint64_t> load_count(const std::string& file);
Result<void> save_count(const std::string& file, std::uint64_t count);

}  // namespace fettle::pulse
