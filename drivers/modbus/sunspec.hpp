#pragma once

#include "modbus/master.hpp"

#include <cstdint>
#include <span>

namespace fettle::modbus {

/// The register that holds the number of the first of these models in the device's chain of SunSpec models. The chain begins behind the
/// marker "SunS" at 40000, 50000 or 0. A device without the marker or without such a model is Fault::unsupported; whatever else goes wrong
/// on the wire is passed on.
Result<std::uint16_t> find_sunspec_model(Master& master, const Station& station, std::span<const long> models);

}  // namespace fettle::modbus
